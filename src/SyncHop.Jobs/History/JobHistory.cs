using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncHop.Jobs.History;

/// <summary>One run of a job.</summary>
/// <param name="Ended">When it ended.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Files">Regular files sent.</param>
/// <param name="Bytes">Their lengths.</param>
/// <param name="Removed">Entries removed.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Snapshot">The snapshot it completed; null for none.</param>
public sealed record JobRecord(DateTimeOffset Ended, int ExitCode, long Files, long Bytes, long Removed, double Seconds, string? Snapshot);

/// <summary>The last runs of a job: a file in this user's state directory, replaced in one step.</summary>
public static class JobHistory
{
    private const int Longest = 100;
    private const int LargestFile = 1 << 20;

    /// <summary>The runs that are recorded, oldest first; none where there is no readable record.</summary>
    public static IReadOnlyList<JobRecord> Read(string job)
    {
        try
        {
            FileInfo file = new(FileOf(job));
            if (!file.Exists || file.Length > LargestFile) return [];
            return JsonSerializer.Deserialize(File.ReadAllBytes(file.FullName), JobHistoryContext.Default.ListJobRecord) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Adds a run; the oldest go when there are many.</summary>
    /// <exception cref="IOException">The record cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The record may not be written.</exception>
    public static void Add(string job, JobRecord record)
    {
        string file = FileOf(job);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        List<JobRecord> records = [.. Read(job).TakeLast(Longest - 1), record];
        string temporary = $"{file}.{Environment.ProcessId}";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(records, JobHistoryContext.Default.ListJobRecord));
        File.Move(temporary, file, overwrite: true);
    }

    private static string FileOf(string job) => Path.Combine(StateDirectory.Path, "jobs", $"{job}.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<JobRecord>))]
internal sealed partial class JobHistoryContext : JsonSerializerContext;
