namespace SyncHop.Replicas.Local;

/// <summary>How many files this process may have open (getrlimit(2), RLIMIT_NOFILE).</summary>
internal static class OpenFileLimit
{
    private const int Fallback = 1024; // the customary soft limit

    /// <summary>Raises the soft limit to the hard one as far as permitted.</summary>
    /// <returns>The limit now in force.</returns>
    public static int Raise()
    {
        if (Libc.getrlimit(Linux.RLIMIT_NOFILE, out ResourceLimit limit) < 0) return Fallback;
        ResourceLimit raised = limit with { Soft = limit.Hard };
        if (limit.Soft < limit.Hard && Libc.setrlimit(Linux.RLIMIT_NOFILE, in raised) == 0) limit = raised;
        return (int)Math.Min(limit.Soft, int.MaxValue);
    }
}
