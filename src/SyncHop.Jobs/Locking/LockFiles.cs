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
        byte[] hash = SHA256.HashData((byte[])[.. route, 0, .. Plain(path)]);
        return Path.Combine(StateDirectory.Path, "locks", $"to-{Convert.ToHexStringLower(hash.AsSpan(0, 10))}.lock");
    }

    /// <summary>A path without what changes nothing: <c>//</c>, <c>/./</c>, a slash at the end, and the home directory where every relative path begins.</summary>
    private static byte[] Plain(ReadOnlySpan<byte> path)
    {
        List<byte> plain = path is [(byte)'/', ..] ? [(byte)'/'] : [];
        bool isFirst = true;
        foreach (Range part in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[part];
            bool isHome = isFirst && name.SequenceEqual("~"u8);
            isFirst = false;
            if (isHome || name.Length == 0 || name.SequenceEqual("."u8)) continue;
            if (plain is [.., not (byte)'/']) plain.Add((byte)'/');
            plain.AddRange(name);
        }
        return [.. plain];
    }

    /// <summary>The lock of a job.</summary>
    public static string OfJob(string name) => Path.Combine(StateDirectory.Path, "locks", $"job-{name}.lock");
}
