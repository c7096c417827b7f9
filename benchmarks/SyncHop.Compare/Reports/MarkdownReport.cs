using System.Text;

namespace SyncHop.Compare.Reports;

/// <summary>The results as tables for people: medians, and ours as a ratio to the best peer's.</summary>
internal static class MarkdownReport
{
    private const string Ours = "synchop";

    /// <summary>The file's text.</summary>
    /// <param name="results">The results.</param>
    /// <param name="facts">Lines about the machine, the programs and the command.</param>
    public static string Write(IReadOnlyList<Result> results, IEnumerable<string> facts)
    {
        StringBuilder text = new("# synchop and its peers through a gateway\n\n");
        foreach (string fact in facts) text.Append("- ").Append(fact).Append('\n');
        text.Append("""

            Seconds are medians, from a program's start to its end. CPU is that of this side's processes. "Wire" is what went over the
            link before the gateway, both ways. The ratio is synchop's median to that of the best peer in the same rows: below 1, synchop is faster.

            """);
        foreach (IGrouping<Case, Result> c in results.GroupBy(result => result.Case))
        {
            text.Append($"\n## {char.ToUpperInvariant(c.Key.Title[0])}{c.Key.Title[1..]}\n\n");
            text.Append("| round trip | rate | program | seconds | ratio | CPU s | peak MiB | wire MB | |\n|--:|--:|---|--:|--:|--:|--:|--:|---|\n");
            foreach (IGrouping<LinkName, Result> link in c.GroupBy(result => result.Link))
            {
                double? best = link.Where(result => result.Program != Ours).Min(result => result.Seconds);
                foreach (Result result in link) Append(text, result, best);
            }
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, Result result, double? best)
    {
        string ratio = result.Program == Ours && best is { } peer && result.Seconds is { } own ? $"**{own / peer:F2}**" : "";
        text.Append($"| {result.Link.RoundTrip} ms | {result.Link.RateText} | {result.Program} | {result.Seconds:F2} | {ratio} | {result.CpuSeconds:F2} ");
        text.Append($"| {result.PeakMebibytes:F0} | {result.WireBytes / 1e6:F1} | {result.Problem} |\n");
    }
}
