using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution;

/// <summary>Tells whether two trees of one host have the same root.</summary>
internal static class SamePlace
{
    /// <summary>Whether both roots are one directory: by its number, and over SFTP, which tells none, by the paths alone.</summary>
    public static async Task<bool> IsAsync(IReplica a, IReplica b, CancellationToken cancellation)
    {
        if (Clean(a.FullPath(RelativePath.Root)).AsSpan().SequenceEqual(Clean(b.FullPath(RelativePath.Root)))) return true;
        try
        {
            if (await a.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false) is not FileStat first) return false;
            return first.Inode != 0 && await b.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false) is FileStat second
                && first.Inode == second.Inode && first.Device == second.Device;
        }
        catch (ReplicaException)
        {
            // Where one cannot be looked at, nothing is put either, and each file says so.
            return false;
        }
    }

    /// <summary>A path without <c>.</c>, <c>..</c> and doubled slashes.</summary>
    private static byte[] Clean(ReadOnlySpan<byte> path)
    {
        List<byte[]> names = [];
        foreach (Range range in path.Split((byte)'/'))
        {
            byte[] name = path[range].ToArray();
            if (name is [] or [(byte)'.']) continue;
            if (name is [(byte)'.', (byte)'.'] && names is [.., not [(byte)'.', (byte)'.']]) names.RemoveAt(names.Count - 1);
            else names.Add(name);
        }
        return [.. path is [(byte)'/', ..] ? "/"u8 : [], .. names.SelectMany(name => (byte[])[.. name, (byte)'/'])];
    }
}
