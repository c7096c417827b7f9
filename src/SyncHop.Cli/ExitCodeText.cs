using SyncHop.Engine;

namespace SyncHop.Cli;

/// <summary>The last line of a run that did not succeed, as rsync words it.</summary>
internal static class ExitCodeText
{
    /// <summary><c>error: REASON (code N)</c>; <c>warning:</c> where files merely vanished.</summary>
    public static string Describe(ExitCode code) =>
        $"{(code == ExitCode.Vanished ? "warning" : "error")}: {Reason(code)} (code {(int)code})";

    /// <summary>How a run ended, for programs and one-line statuses: <c>success</c>, or the same without a second "error".</summary>
    public static string Result(ExitCode code) => code == ExitCode.Ok ? "success"
        : Reason(code).StartsWith("error", StringComparison.Ordinal) ? $"{Reason(code)} (code {(int)code})"
        : Describe(code);

    private static string Reason(ExitCode code) => code switch
    {
        ExitCode.Usage => "syntax or usage error",
        ExitCode.Protocol => "protocol incompatibility",
        ExitCode.FileSelection => "errors selecting input/output files, dirs",
        ExitCode.Unsupported => "requested action not supported",
        ExitCode.StartClient => "error starting client-server protocol",
        ExitCode.SocketIo => "error in socket IO",
        ExitCode.FileIo => "error in file IO",
        ExitCode.StreamIo => "error in the data stream",
        ExitCode.Signal => "received SIGINT, SIGTERM, or SIGHUP",
        ExitCode.Partial => "some files/attrs were not transferred (see previous errors)",
        ExitCode.Vanished => "some files vanished before they could be transferred",
        ExitCode.DeleteLimit => "the --max-delete limit stopped deletions",
        ExitCode.Timeout => "timeout in data send/receive",
        ExitCode.ConnectTimeout => "timeout waiting for a connection",
        ExitCode.JobCommand => "the job's own command failed",
        ExitCode.Locked => "another run holds the lock",
        _ => "unexplained error",
    };
}
