using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Reporting.Json;

/// <summary>
/// The lines of <c>--json</c>: each an object in ASCII with its newline. A name that is not UTF-8 has U+FFFD for what cannot be
/// decoded, and its bytes in base64 beside it.
/// </summary>
public static class JsonReport
{
    /// <summary>The version of docs/report.schema.json that the lines follow.</summary>
    public const int Schema = 1;

    private const int CurrentFiles = 8;

    /// <summary>The first line.</summary>
    /// <param name="version">The program's version.</param>
    /// <param name="dryRun">Whether nothing is changed.</param>
    /// <param name="sources">Host (null for this machine) and raw path of each source.</param>
    /// <param name="destination">The same of the destination; null when the sources are only listed.</param>
    public static byte[] Start(
        string version, bool dryRun, IEnumerable<(string? Host, byte[] Path)> sources, (string? Host, byte[] Path)? destination) =>
        Line(
            new JsonStart(
                "start", Schema, version, Now(), dryRun, [.. sources.Select(static source => Place(source.Host, source.Path))],
                destination is { } to ? Place(to.Host, to.Path) : null),
            JsonRecordsContext.Default.JsonStart);

    /// <summary>Something that was said on standard error.</summary>
    /// <param name="text">Its text, without the newline.</param>
    /// <param name="problem">What is known of it.</param>
    public static byte[] Message(ReadOnlySpan<byte> text, in Problem problem)
    {
        (string? path, string? raw) = problem.Path is { } name ? Name(name) : (null, null);
        string severity = problem.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" };
        JsonMessage message = new("message", severity, Encoding.UTF8.GetString(text))
        {
            Path = path,
            PathBase64 = raw,
            Operation = problem.Operation,
            Reason = problem.Reason,
        };
        return Line(message, JsonRecordsContext.Default.JsonMessage);
    }

    /// <summary>The removal of a directory beside those of the run.</summary>
    /// <param name="path">Its raw name.</param>
    /// <param name="dryRun">Whether it is only what would be done.</param>
    public static byte[] Removal(byte[] path, bool dryRun) =>
        new JsonItems(dryRun).Removal(new Deletion(new RelativePath(path), FileType.Directory));

    /// <summary>How far the run is.</summary>
    public static byte[] Progress(RunProgress progress, TimeSpan elapsed)
    {
        JsonProgress line = new(
            "progress", Seconds(elapsed), progress.EntriesListed, progress.BytesListed, progress.IsListComplete, progress.BytesDone, progress.BytesRead,
            progress.FilesTransferred)
        {
            EtaSeconds = progress.TimeLeft(elapsed) is { } left ? Seconds(left) : null,
            Current = [.. progress.Current(CurrentFiles).Select(static name => Place(null, name))],
        };
        return Line(line, JsonRecordsContext.Default.JsonProgress);
    }

    /// <summary>The last line.</summary>
    /// <param name="summary">What was done.</param>
    /// <param name="code">How the run ended.</param>
    /// <param name="result">The same in words.</param>
    /// <param name="dryRun">Whether nothing was changed.</param>
    /// <param name="elapsed">How long it took.</param>
    public static byte[] Summary(RunSummary summary, ExitCode code, string result, bool dryRun, TimeSpan elapsed) => Line(
        new JsonSummary("summary", (int)code, result, dryRun, Now(), Seconds(elapsed))
        {
            Entries = Counts(summary.Entries),
            Created = Counts(summary.Created),
            Deleted = Counts(summary.Deleted),
            TransferredFiles = summary.TransferredFiles,
            TransferredBytes = summary.TransferredBytes,
            TotalBytes = summary.TotalBytes,
            LiteralBytes = summary.LiteralBytes,
            MatchedBytes = summary.MatchedBytes,
            SignatureBytes = summary.SignatureBytes,
            SentBytes = summary.Wire.Sent,
            ReceivedBytes = summary.Wire.Received,
        },
        JsonRecordsContext.Default.JsonSummary);

    internal static byte[] Line<T>(T value, JsonTypeInfo<T> type)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return [.. json, (byte)'\n'];
    }

    /// <summary>A name as text, and its bytes where the text does not tell them.</summary>
    internal static (string Text, string? Base64) Name(ReadOnlySpan<byte> name) =>
        (Encoding.UTF8.GetString(name), Utf8.IsValid(name) ? null : Convert.ToBase64String(name));

    private static JsonPlace Place(string? host, ReadOnlySpan<byte> path)
    {
        (string text, string? raw) = Name(path);
        return new JsonPlace(host, text, raw);
    }

    private static JsonCounts Counts(EntryCounts counts) =>
        new(counts.Files, counts.Directories, counts.Symlinks, counts.Devices, counts.Specials);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    private static string Now() => DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
