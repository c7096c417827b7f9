using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncHop.Cli.Bench;

/// <summary>How long an answer takes, through all hops before it, in milliseconds.</summary>
/// <param name="Minimum">The shortest.</param>
/// <param name="Median">The median.</param>
/// <param name="Percentile95">The time that 95 % stay below.</param>
internal sealed record RoundTripResult(double Minimum, double Median, [property: JsonPropertyName("p95")] double Percentile95)
{
    /// <summary>Sums measured times up; null for none.</summary>
    public static RoundTripResult? Of(IReadOnlyList<TimeSpan> times)
    {
        if (times.Count == 0) return null;
        double[] sorted = [.. times.Select(static time => time.TotalMilliseconds).Order()];
        return new RoundTripResult(sorted[0], sorted[sorted.Length / 2], sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1]);
    }
}

/// <summary>What was measured of a hop.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HandshakeMilliseconds">From the start of its connection to the end of its authentication.</param>
/// <param name="RoundTripMilliseconds">How long it takes to answer; null where it does not.</param>
internal sealed record HopResult(string Name, double HandshakeMilliseconds, RoundTripResult? RoundTripMilliseconds);

/// <summary>How fast content went one way.</summary>
/// <param name="Connections">Over how many connections.</param>
/// <param name="BytesPerSecond">What the server has acknowledged, or sent.</param>
/// <param name="ProcessorShare">Processor time of this program in cores: 1 is one core all the time.</param>
internal sealed record RateResult(int Connections, double BytesPerSecond, double ProcessorShare);

/// <summary>All that <c>--bench</c> measured.</summary>
internal sealed record BenchResult
{
    /// <summary>The directory it was measured in.</summary>
    public required string Path { get; init; }

    /// <summary>Every hop, in order.</summary>
    public required IReadOnlyList<HopResult> Hops { get; init; }

    /// <summary>Upload, by connections.</summary>
    public required IReadOnlyList<RateResult> Upload { get; init; }

    /// <summary>Download, by connections.</summary>
    public required IReadOnlyList<RateResult> Download { get; init; }

    /// <summary>Small files made each second.</summary>
    public required double SmallFilesPerSecond { get; init; }

    /// <summary>Entries listed each second.</summary>
    public required double EntriesPerSecond { get; init; }

    /// <summary>Why there were no more connections; null where all were opened.</summary>
    public string? ConnectionRefusal { get; init; }

    /// <summary>What limits, in words.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>As JSON, for scripts.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BenchJson.Default.BenchResult);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(BenchResult))]
internal sealed partial class BenchJson : JsonSerializerContext;
