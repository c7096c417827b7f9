using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>The list of names that <c>--files-from</c> gives (rsync(1)).</summary>
public static class NameList
{
    private const int LengthLimit = 1 << 30;
    private const int LinkLimit = 40; // as the kernel's

    /// <summary>
    /// The names of a list: lines that end with LF, CR or both, or, with <c>--from0</c>, with NUL. Empty ones and comments are
    /// left out, and so is what lies behind a NUL in a line. A name cannot lead out of the source: <c>..</c> is resolved, and
    /// ends there.
    /// </summary>
    public static IReadOnlyList<byte[]> Parse(ReadOnlySpan<byte> text, bool endsAtNul)
    {
        List<byte[]> names = [];
        ReadOnlySpan<byte> ends = endsAtNul ? "\0"u8 : "\n\r"u8;
        while (!text.IsEmpty)
        {
            int end = text.IndexOfAny(ends);
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.IndexOf((byte)0) is >= 0 and int nul) line = line[..nul];
            if (!line.IsEmpty && line[0] is not ((byte)'#' or (byte)';')) names.Add(Confine(line));
        }
        return names;
    }

    /// <summary>Reads such a file from a host; symlinks are followed, since the user named it.</summary>
    /// <exception cref="ReplicaException">It cannot be read.</exception>
    public static async Task<byte[]> ReadAsync(IReplicaHost host, byte[] path, CancellationToken cancellation)
    {
        for (int links = 0; links <= LinkLimit; links++)
        {
            SourcePath place = SourcePath.Parse(path);
            if (place.IsContents) throw new ReplicaException(ReplicaError.Other, "open", "Is a directory (21)");
            using IReplica directory = host.Open(place.Root);
            RelativePath name = RelativePath.Root.Join(place.Name);
            FileStat? stat = await directory.StatAsync(name, followLink: false, cancellation).ConfigureAwait(false);
            if (stat is null) throw new ReplicaException(ReplicaError.NotFound, "open", "No such file or directory (2)");
            if (!stat.Value.IsSymlink) return await ReadAsync(directory, name, cancellation).ConfigureAwait(false);
            byte[] target = await directory.ReadLinkAsync(name, cancellation).ConfigureAwait(false);
            path = target is [(byte)'/', ..] ? target : [.. place.Root, (byte)'/', .. target];
        }
        throw new ReplicaException(ReplicaError.Other, "open", "Too many levels of symbolic links (40)");
    }

    private static async Task<byte[]> ReadAsync(IReplica directory, RelativePath name, CancellationToken cancellation)
    {
        await using ISourceFile file = await directory.OpenReadAsync(name, cancellation).ConfigureAwait(false);
        using MemoryStream text = new();
        byte[] block = new byte[Math.Max(directory.Host.Traits.BlockLength, 4096)];
        while (true)
        {
            int read = await file.ReadAsync(text.Length, block, cancellation).ConfigureAwait(false);
            if (read == 0) return text.ToArray();
            if (text.Length + read > LengthLimit) throw new ReplicaException(ReplicaError.Other, "read", "longer than 1 GiB");
            text.Write(block, 0, read);
        }
    }

    /// <summary>Takes <c>..</c> out of a name, and the slashes at its beginning; dots stay, since <c>/./</c> means something.</summary>
    private static byte[] Confine(ReadOnlySpan<byte> name)
    {
        List<byte[]> components = [];
        bool isContents = false;
        foreach (Range range in name.Split((byte)'/'))
        {
            ReadOnlySpan<byte> component = name[range];
            isContents = component.IsEmpty || component.SequenceEqual(".."u8);
            if (component.IsEmpty) continue;
            if (!component.SequenceEqual(".."u8)) components.Add(component.ToArray());
            else if (components.Count > 0) components.RemoveAt(components.Count - 1);
        }
        if (components.Count == 0) return "."u8.ToArray();
        List<byte> confined = [];
        foreach (byte[] component in components)
        {
            confined.AddRange(component);
            confined.Add((byte)'/');
        }
        if (!isContents) confined.RemoveAt(confined.Count - 1);
        return [.. confined];
    }
}
