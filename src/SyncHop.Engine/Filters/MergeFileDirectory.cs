using System.Text;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Filters;

/// <summary>A directory whose per-directory rule files are read, on whatever host it is.</summary>
internal sealed class MergeFileDirectory
{
    private const int LengthLimit = 4 << 20;
    private const int LinkLimit = 40; // as the kernel's

    private readonly IReplica _replica;
    private readonly RelativePath _path;

    /// <param name="replica">The tree.</param>
    /// <param name="path">The directory in it.</param>
    public MergeFileDirectory(IReplica replica, RelativePath path)
    {
        _replica = replica;
        _path = path;
        byte[] full = replica.FullPath(path);
        FullPath = full is [.., (byte)'/'] ? full : [.. full, (byte)'/'];
    }

    /// <summary>The full path with a slash at its end.</summary>
    public byte[] FullPath { get; }

    /// <summary>How messages name a file in it.</summary>
    public string Describe(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(FullPath) + Encoding.UTF8.GetString(name);

    /// <summary>
    /// The directories above this one, from <paramref name="start"/> downward; none when that is not above. A relative start
    /// is relative to this directory.
    /// </summary>
    public IEnumerable<MergeFileDirectory> From(byte[] start)
    {
        byte[] first = AbsolutePath.Clean(start is [(byte)'/', ..] ? start : [.. FullPath, .. start]);
        if (!FullPath.AsSpan().StartsWith(first)) yield break;
        for (int end = first.Length; end < FullPath.Length; end += FullPath.AsSpan(end).IndexOf((byte)'/') + 1)
            yield return new MergeFileDirectory(_replica.Host.Open(FullPath[..end]), RelativePath.Root);
    }

    /// <summary>A file that the directory's listing has; null when it is not one that can be read, as rsync passes over it.</summary>
    public ValueTask<byte[]?> ReadListedAsync(FileList listing, int index, CancellationToken cancellation)
    {
        FileList.Entry entry = listing.Entries[index];
        return entry.Stat.Type is FileType.Directory ? default : TryReadAsync(listing.NameOf(entry).ToArray(), cancellation);
    }

    /// <summary>A file by its name; null when there is none, or none that can be read.</summary>
    /// <exception cref="FilterException">It is too long, or reading it failed in a way that may be gone the next time.</exception>
    public async ValueTask<byte[]?> TryReadAsync(byte[] name, CancellationToken cancellation)
    {
        try
        {
            return await ReadFileAsync(_replica, _path.Join(name), LinkLimit, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure) when (failure.Error is not ReplicaError.Other)
        {
            return null;
        }
        catch (ReplicaException failure)
        {
            // To go on without its rules might copy or delete what they are there to keep.
            throw new FilterException(ExitCode.FileIo, $"failed to read exclude file {Describe(name)}: {failure.Reason}");
        }
    }

    /// <summary>A file that a rule in a file names: an absolute path, or, as in rsync, one relative to the transfer's root.</summary>
    /// <exception cref="FilterException">It cannot be read.</exception>
    public async ValueTask<byte[]> ReadAsync(byte[] path, CancellationToken cancellation)
    {
        byte[] full = AbsolutePath.Clean(path is [(byte)'/', ..] ? path : [.. _replica.FullPath(RelativePath.Root), (byte)'/', .. path]).AsSpan().TrimEnd((byte)'/').ToArray();
        int slash = full.AsSpan().LastIndexOf((byte)'/');
        if (slash >= 0 && slash + 1 < full.Length)
        {
            using IReplica parent = _replica.Host.Open(slash == 0 ? "/"u8.ToArray() : full[..slash]);
            byte[]? text = await new MergeFileDirectory(parent, RelativePath.Root).TryReadAsync(full[(slash + 1)..], cancellation).ConfigureAwait(false);
            if (text is not null) return text;
        }
        throw new FilterException(ExitCode.FileIo, $"failed to open exclude file {Encoding.UTF8.GetString(full)}");
    }

    private static async ValueTask<byte[]> ReadFileAsync(IReplica replica, RelativePath path, int links, CancellationToken cancellation)
    {
        FileStat? stat = await replica.StatAsync(path, followLink: false, cancellation).ConfigureAwait(false);
        if (stat is { IsSymlink: true } link) return await ReadLinkedAsync(replica, path, link, links, cancellation).ConfigureAwait(false);
        await using ISourceFile file = await replica.OpenReadAsync(path, cancellation).ConfigureAwait(false);
        FileStat opened = await file.StatAsync(cancellation).ConfigureAwait(false);
        if (opened.Size > LengthLimit)
            throw new FilterException(ExitCode.FileIo, $"exclude file {Encoding.UTF8.GetString(replica.FullPath(path))} is longer than 4 MiB");
        byte[] text = new byte[(int)Math.Max(opened.Size, 0)];
        int length = 0;
        while (length < text.Length)
        {
            int block = Math.Min(replica.Host.Traits.BlockLength, text.Length - length);
            int read = await file.ReadAsync(length, text.AsMemory(length, block), cancellation).ConfigureAwait(false);
            if (read == 0) break;
            length += read;
        }
        return text[..length];
    }

    /// <summary>
    /// Follows a symlink as rsync 3.5 does (CVE-2026-53802): only one that belongs to the superuser or to the user on that
    /// side, so that nobody else chooses the file whose lines become rules.
    /// </summary>
    private static async ValueTask<byte[]> ReadLinkedAsync(IReplica replica, RelativePath path, FileStat link, int links, CancellationToken cancellation)
    {
        ReplicaException refused = new(ReplicaError.NotDirectory, "open", "Too many levels of symbolic links (40)");
        if (links == 0) throw refused;
        await replica.Host.Identities.LoadAsync(cancellation).ConfigureAwait(false);
        if (link.Uid != 0 && link.Uid != replica.Host.Identities.Uid) throw refused;
        byte[] target = await replica.ReadLinkAsync(path, cancellation).ConfigureAwait(false);
        byte[] directory = replica.FullPath(path.Parent);
        byte[] full = target is [(byte)'/', ..] ? target : [.. directory, (byte)'/', .. target];
        int slash = full.AsSpan().LastIndexOf((byte)'/');
        if (slash + 1 == full.Length) throw refused;
        using IReplica parent = replica.Host.Open(slash == 0 ? "/"u8.ToArray() : full[..slash]);
        return await ReadFileAsync(parent, RelativePath.Root.Join(full.AsSpan(slash + 1)), links - 1, cancellation).ConfigureAwait(false);
    }
}
