using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;

namespace SyncHop.Engine.Execution;

/// <summary>Tells a notice: its line on standard output and, where it is an error, the one on standard error.</summary>
internal static class NoticeReporter
{
    /// <summary>Tells a notice.</summary>
    public static void Add(in Notice notice, Report report, Problems problems)
    {
        report.Add(report.NoticeLine(notice));
        switch (notice.Kind)
        {
            case NoticeKind.CannotMakeWay:
                string kind = notice.Type switch
                {
                    FileType.Regular => "regular file",
                    FileType.Symlink => "symlink",
                    FileType.CharacterDevice or FileType.BlockDevice => "device file",
                    _ => "special file",
                };
                problems.Failed($"could not make way for new {kind}: ", notice.Path.Bytes);
                break;
            case NoticeKind.Blocked:
                problems.Failed("synchop: [generator] recv_generator: failed to stat \"", notice.Path.Bytes, "\": Not a directory (20)");
                break;
            case NoticeKind.CannotMakeSpecial:
                problems.FailedOnce("SFTP cannot carry devices, nor make named pipes and sockets; skipping", notice.Path.Bytes);
                break;
        }
    }
}
