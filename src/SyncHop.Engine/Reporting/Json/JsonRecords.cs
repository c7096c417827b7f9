using System.Text.Json.Serialization;

namespace SyncHop.Engine.Reporting.Json;

// The objects of --json, one a line; docs/report.schema.json describes them, and a change of what is there already is a new version of it.

internal sealed record JsonPlace(string? Host, string Path, string? PathBase64);

internal sealed record JsonStart(string Type, int Schema, string Version, string Time, bool DryRun, JsonPlace[] Sources, JsonPlace? Destination);

internal sealed record JsonItem(string Type, string Action, string Path, string? PathBase64, string Kind)
{
    public string? Itemize { get; init; }

    public string[]? Changes { get; init; }

    public bool? Transfer { get; init; }

    public long? Size { get; init; }

    public long? Mtime { get; init; }

    public string? Mode { get; init; }

    public long? Bytes { get; init; }

    public string? Target { get; init; }

    public string? TargetBase64 { get; init; }
}

internal sealed record JsonMessage(string Type, string Severity, string Text)
{
    public string? Path { get; init; }

    public string? PathBase64 { get; init; }

    public string? Operation { get; init; }

    public string? Reason { get; init; }
}

internal sealed record JsonProgress(
    string Type, double ElapsedSeconds, long EntriesListed, long BytesListed, bool ListComplete, long BytesDone, long BytesRead, long FilesTransferred)
{
    public double? EtaSeconds { get; init; }

    public JsonPlace[] Current { get; init; } = [];
}

internal sealed record JsonCounts(long Files, long Directories, long Symlinks, long Devices, long Specials);

internal sealed record JsonSummary(string Type, int ExitCode, string Result, bool DryRun, string Time, double DurationSeconds)
{
    public required JsonCounts Entries { get; init; }

    public required JsonCounts Created { get; init; }

    public required JsonCounts Deleted { get; init; }

    public long TransferredFiles { get; init; }

    public long TransferredBytes { get; init; }

    public long TotalBytes { get; init; }

    public long LiteralBytes { get; init; }

    public long MatchedBytes { get; init; }

    public long SignatureBytes { get; init; }

    public long SentBytes { get; init; }

    public long ReceivedBytes { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(JsonStart))]
[JsonSerializable(typeof(JsonItem))]
[JsonSerializable(typeof(JsonMessage))]
[JsonSerializable(typeof(JsonProgress))]
[JsonSerializable(typeof(JsonSummary))]
internal sealed partial class JsonRecordsContext : JsonSerializerContext;
