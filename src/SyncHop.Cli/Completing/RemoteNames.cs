using SyncHop.Sftp;

namespace SyncHop.Cli.Completing;

/// <summary>The names in one directory on a host that begin in a certain way.</summary>
internal static class RemoteNames
{
    /// <summary>More than anybody reads; what a server sends beyond it is dropped.</summary>
    private const int Limit = 5000;

    /// <summary>Lists them.</summary>
    /// <param name="client">The session.</param>
    /// <param name="directory">The directory; empty for the home directory.</param>
    /// <param name="prefix">What they begin with. Hidden names are told only to who types the dot.</param>
    /// <param name="cancellation">Breaks off.</param>
    /// <returns>Sorted by bytes; a directory, and a symlink to one, ends with a slash. Names with control characters, which nobody
    /// types, are left out.</returns>
    /// <exception cref="SftpException">The directory cannot be listed.</exception>
    /// <exception cref="SftpConnectionException">The connection failed.</exception>
    public static async Task<IReadOnlyList<byte[]>> ListAsync(SftpClient client, byte[] directory, byte[] prefix, CancellationToken cancellation)
    {
        Sink sink = new(prefix);
        await client.ListDirectoryAsync(directory.Length == 0 ? "."u8.ToArray() : directory, sink, cancellation).ConfigureAwait(false);
        byte[][] names = await Task.WhenAll(sink.Entries.Select(entry => NameAsync(client, directory, entry.Name, entry.Type, cancellation))).ConfigureAwait(false);
        Array.Sort(names, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return names;
    }

    private static async Task<byte[]> NameAsync(SftpClient client, byte[] directory, byte[] name, SftpFileType type, CancellationToken cancellation)
    {
        if (type == SftpFileType.Symlink)
        {
            try
            {
                type = (await client.StatAsync((byte[])[.. directory, .. name], cancellation).ConfigureAwait(false)).FileType;
            }
            catch (SftpException)
            {
                // It leads nowhere, and is a name all the same.
            }
        }

        return type == SftpFileType.Directory ? [.. name, (byte)'/'] : name;
    }

    private sealed class Sink(byte[] prefix) : ISftpDirectorySink
    {
        public List<(byte[] Name, SftpFileType Type)> Entries { get; } = [];

        public void OnEntry(ReadOnlySpan<byte> name, in SftpAttributes attributes)
        {
            bool isHidden = name[0] == (byte)'.' && prefix is not [(byte)'.', ..];
            if (Entries.Count == Limit || isHidden || !name.StartsWith(prefix) || name.ContainsAnyInRange((byte)0, (byte)31) || name.Contains((byte)127)) return;
            Entries.Add((name.ToArray(), attributes.FileType));
        }

        public void OnRefusedName(ReadOnlySpan<byte> name)
        {
            // No name that could be typed.
        }
    }
}
