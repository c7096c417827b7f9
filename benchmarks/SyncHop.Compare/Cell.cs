namespace SyncHop.Compare;

/// <summary>One case at one link.</summary>
/// <param name="Case">The case.</param>
/// <param name="Link">The link.</param>
/// <param name="Peers">The peers that take part; empty for all.</param>
internal sealed record Cell(Case Case, LinkName Link, IReadOnlyList<string> Peers)
{
    private const long Rate100Mbit = 100_000_000 / 8;

    /// <summary>
    /// The links at which there is a goal for a case, so that all of them together take less than an hour. Where a large file takes minutes
    /// only the peers that can be the best one take part: rsync, and rclone, which has several streams.
    /// </summary>
    /// <param name="cases">The cases.</param>
    public static IEnumerable<Cell> Goals(IEnumerable<Case> cases)
    {
        string[] all = [], fastest = ["rsync", "rclone"];
        foreach (Case c in cases)
        {
            (int RoundTrip, long Rate, string[] Peers)[] links = c.Name switch
            {
                "connect" => [(0, 0, all), (20, 0, all), (100, 0, all), (200, 0, all)],
                "dry-run" => [(0, 0, all), (100, 0, all)],
                "large-push" => [(0, 0, all), (100, 0, fastest), (200, 0, fastest), (200, Rate100Mbit, fastest)],
                "large-pull" => [(0, 0, all), (200, Rate100Mbit, fastest)],
                "changed-push" => [(0, 0, all), (100, 0, fastest), (20, Rate100Mbit, fastest)],
                "mixed-push" or "mixed-pull" => [(20, 0, fastest)],
                _ => [(0, 0, all), (20, 0, all), (100, 0, all)],
            };
            foreach ((int roundTrip, long rate, string[] peers) in links) yield return new Cell(c, new LinkName(roundTrip, rate), peers);
        }
    }

    /// <summary>Whether a program takes part.</summary>
    public bool Has(string program) => program == "synchop" || Peers.Count == 0 || Peers.Contains(program, StringComparer.Ordinal);
}
