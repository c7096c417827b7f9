using System.Security.Cryptography;

namespace SyncHop.Jobs.Locking;

/// <summary>Where locks are that nobody gave a file: <c>locks/</c> in this user's state directory.</summary>
public static class LockFiles
{
    /// <summary>The lock of a destination: the same for every run by this user that writes there.</summary>
    /// <param name="route">The way to its host; empty for this machine.</param>
    /// <param name="path">Its path on that host.</param>
    public static string OfDestination(ReadOnlySpan<byte> route, ReadOnlySpan<byte> path)
    {
        while (path.Length > 1 && path[^1] == '/') path = path[..^1];
        byte[] hash = SHA256.HashData((byte[])[.. route, 0, .. path]);
        return Path.Combine(StateDirectory.Path, "locks", $"to-{Convert.ToHexStringLower(hash.AsSpan(0, 10))}.lock");
    }

    /// <summary>The lock of a job.</summary>
    public static string OfJob(string name) => Path.Combine(StateDirectory.Path, "locks", $"job-{name}.lock");
}
