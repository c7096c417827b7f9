namespace SyncHop.Compare;

/// <summary>The link of a run, in words and numbers.</summary>
/// <param name="RoundTrip">From this side to the target and back, in milliseconds.</param>
/// <param name="Rate">Bytes per second; 0 for no limit.</param>
internal sealed record LinkName(int RoundTrip, long Rate)
{
    /// <summary>Its rate as in results.</summary>
    public string RateText => Rate == 0 ? "unlimited" : $"{Rate * 8 / 1_000_000} Mbit/s";
}

/// <summary>All runs of one program in one case at one link.</summary>
internal sealed class Result(Case c, LinkName link, string program)
{
    /// <summary>The case.</summary>
    public Case Case => c;

    /// <summary>The link.</summary>
    public LinkName Link => link;

    /// <summary>The program's name.</summary>
    public string Program => program;

    /// <summary>The runs that ended well.</summary>
    public List<Cost> Costs { get; } = [];

    /// <summary>Bytes on the wire before the gateway, both directions; null where they were not counted.</summary>
    public long? WireBytes { get; set; }

    /// <summary>Why there are no (more) runs; null when all ended well.</summary>
    public string? Problem { get; set; }

    /// <summary>The median of the seconds; null when no run ended well.</summary>
    public double? Seconds => Median(cost => cost.Seconds);

    /// <summary>The median of the CPU seconds.</summary>
    public double? CpuSeconds => Median(cost => cost.CpuSeconds);

    /// <summary>The largest of the peaks, in MiB.</summary>
    public double? PeakMebibytes => Costs.Count == 0 ? null : Costs.Max(cost => cost.PeakBytes) / 1048576.0;

    private double? Median(Func<Cost, double> of)
    {
        if (Costs.Count == 0) return null;
        double[] sorted = [.. Costs.Select(of).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
