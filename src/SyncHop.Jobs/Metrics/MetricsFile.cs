using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SyncHop.Engine;

namespace SyncHop.Jobs.Metrics;

/// <summary>
/// A file in Prometheus' text format (exposition formats, version 0.0.4) for node_exporter's textfile collector, replaced in one
/// step. Its series have the label <c>job</c>, so that several files can lie in one directory.
/// </summary>
public static partial class MetricsFile
{
    private const string LastSuccess = "synchop_last_success_timestamp_seconds";
    private const int WriteAndSearch = 3, IsDirectory = 21; // W_OK | X_OK, EISDIR
    private const int LongestFile = 64 * 1024; // What is longer was not written here.

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where; for the collector the name ends with <c>.prom</c>.</param>
    /// <param name="outcome">How the run ended.</param>
    /// <param name="job">The label; null for the file's name without its extension.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, RunOutcome outcome, string? job = null)
    {
        string full = Path.GetFullPath(path);
        job ??= Path.GetFileNameWithoutExtension(full);
        string? success = outcome.ExitCode == 0 ? Number(outcome.Ended.ToUnixTimeSeconds()) : FormerSuccess(full, job);
        // Another ending, so that the collector does not read it before it is complete.
        string temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}");
        try
        {
            File.WriteAllText(temporary, Render(outcome, job, success), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Looks whether the file could be written, and changes nothing.</summary>
    /// <param name="path">Where.</param>
    /// <exception cref="IOException">It could not.</exception>
    public static void Verify(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full)) throw Failure(IsDirectory);
        if (Access(Path.GetDirectoryName(full) + "/.", WriteAndSearch) != 0) throw Failure(Marshal.GetLastPInvokeError());

        static IOException Failure(int error) => new(Marshal.GetPInvokeErrorMessage(error), error);
    }

    /// <summary>The file's text.</summary>
    /// <param name="outcome">How the run ended.</param>
    /// <param name="job">The label.</param>
    /// <param name="lastSuccess">When a run succeeded last, in seconds since 1970; null for never.</param>
    internal static string Render(RunOutcome outcome, string job, string? lastSuccess)
    {
        RunSummary summary = outcome.Summary;
        StringBuilder text = new();
        Add("synchop_last_run_timestamp_seconds", "When the last run ended, in seconds since 1970.", Number(outcome.Ended.ToUnixTimeSeconds()));
        if (lastSuccess is not null) Add(LastSuccess, "When the last run with exit code 0 ended, in seconds since 1970.", lastSuccess);
        Add("synchop_last_run_exit_code", "The last run's exit code; 0 is success.", Number(outcome.ExitCode));
        Add("synchop_last_run_duration_seconds", "How long the last run took.", outcome.Duration.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture));
        Add("synchop_last_run_files_transferred", "Regular files sent by the last run.", Number(summary.TransferredFiles));
        Add("synchop_last_run_literal_bytes", "Bytes of content sent by the last run.", Number(summary.LiteralBytes));
        Add("synchop_last_run_matched_bytes", "Bytes of content that the destination had.", Number(summary.MatchedBytes));
        Add("synchop_last_run_source_bytes", "Size of all files of the source in the last run.", Number(summary.TotalBytes));
        AddByDirection(summary.Wire);
        AddByKind("synchop_last_run_entries", "Entries of the source in the last run.", summary.Entries);
        AddByKind("synchop_last_run_created", "Entries made on the destination by the last run.", summary.Created);
        AddByKind("synchop_last_run_deleted", "Entries removed from the destination by the last run.", summary.Deleted);
        return text.ToString();

        void Head(string name, string help) => text.Append($"# HELP {name} {help}\n# TYPE {name} gauge\n");

        void Add(string name, string help, string value)
        {
            Head(name, help);
            text.Append($"{name}{{{Label(job)}}} {value}\n");
        }

        void AddByDirection(WireBytes wire)
        {
            const string name = "synchop_last_run_wire_bytes";
            Head(name, "Bytes on the wire in the last run.");
            text.Append($"{name}{{{Label(job)},direction=\"sent\"}} {Number(wire.Sent)}\n");
            text.Append($"{name}{{{Label(job)},direction=\"received\"}} {Number(wire.Received)}\n");
        }

        void AddByKind(string name, string help, EntryCounts counts)
        {
            Head(name, help);
            foreach ((string kind, long count) in (ReadOnlySpan<(string, long)>)
                [("file", counts.Files), ("directory", counts.Directories), ("symlink", counts.Symlinks), ("device", counts.Devices), ("special", counts.Specials)])
            {
                text.Append($"{name}{{{Label(job)},kind=\"{kind}\"}} {Number(count)}\n");
            }
        }
    }

    private static string? FormerSuccess(string path, string job)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= LongestFile }) return null;
            string start = $"{LastSuccess}{{{Label(job)}}} ";
            string? line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));
            return line?[start.Length..] is { Length: > 0 } value && value.All(char.IsAsciiDigit) ? value : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Label(string job)
    {
        StringBuilder value = new();
        foreach (Rune rune in job.EnumerateRunes()) value.Append(rune.Value switch { '\\' => "\\\\", '"' => "\\\"", '\n' => "\\n", _ => rune.ToString() });
        return $"job=\"{value}\"";
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
