using System.Text;
using SyncHop.Engine;

namespace SyncHop.Cli.Terminal;

/// <summary>Sets standard output up as the options want it.</summary>
internal static class OutputSettings
{
    /// <summary>Applies <c>--outbuf</c>, <c>--stderr</c> and <c>--log-file</c>; without its log a run goes on, as in rsync.</summary>
    public static void Apply(SyncOptions options, StandardOutput output)
    {
        output.Buffering = options.Buffering;
        output.WritesAllToError = options.ErrorOutput == ErrorOutput.All;
        if (options.LogFile is null) return;
        try
        {
            output.Log = LogFile.Open(options.LogFile, options.InsecureLinks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string text = TerminalText.Escape($"synchop: [client] failed to open log-file {options.LogFile}: {FileFailure.Reason(e)}");
            output.WriteError(Encoding.UTF8.GetBytes(text + "\n"));
            if (options.Json) output.WriteError("synchop: ignoring --log-file\n"u8); // Programs read the other.
            else output.Write("Ignoring \"log file\" setting.\n"u8);
        }
    }
}
