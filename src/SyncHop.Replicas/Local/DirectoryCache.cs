using System.Diagnostics.CodeAnalysis;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>
/// Descriptors of the root and of the directories used last, so that consecutive operations in one directory cost one
/// system call each. Safe for use from many threads.
/// </summary>
/// <param name="root">The root's path, NUL-terminated.</param>
/// <param name="follows">Which symlinks below it are followed.</param>
/// <param name="guard">Which symlinks on the way to the root are followed; null for all.</param>
internal sealed class DirectoryCache(byte[] root, LinkFollowing follows = LinkFollowing.None, LinkGuard? guard = null) : IDisposable
{
    private const int Capacity = 64;

    private sealed class Slot(byte[] path, Descriptor directory)
    {
        public readonly byte[] Path = path;
        public readonly Descriptor Directory = directory;
        public long LastUse;
    }

    /// <summary>Which symlinks below the root are followed.</summary>
    public LinkFollowing Follows => follows;

    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], Slot> _slots = new(Capacity, PathComparer.Instance);
    private Descriptor? _root;
    private long _clock;
    private long _changes;
    private bool _isDisposed;

    /// <summary>
    /// Changes with every <see cref="Forget"/>. A descriptor opened before one and offered after it may be that of the
    /// directory that was forgotten, and is not kept.
    /// </summary>
    public long Stamp
    {
        get { lock (_lock) return _changes; }
    }

    /// <summary>The directory at <paramref name="path"/> (empty: the root), to be released by the caller.</summary>
    /// <returns>0 or the errno.</returns>
    public int Acquire(ReadOnlySpan<byte> path, [NotNull] out Descriptor? directory)
    {
        long stamp;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            stamp = _changes;
            directory = Find(path);
            if (directory is not null)
            {
                directory.Retain();
                return Errno.None;
            }
        }

        int error = path.IsEmpty
            ? OpenRoot(out directory)
            : OpenBelowRoot(path, out directory);
        if (error != Errno.None) return error;

        directory!.Retain();
        Offer(path, directory, stamp);
        return Errno.None;
    }

    /// <summary>Takes over <paramref name="opened"/>: keeps it for later use, or closes it after its last.</summary>
    /// <param name="path">The directory's path; empty for the root.</param>
    /// <param name="opened">Its descriptor.</param>
    /// <param name="stamp">The <see cref="Stamp"/> before it was opened.</param>
    public void Offer(ReadOnlySpan<byte> path, Descriptor opened, long stamp)
    {
        lock (_lock)
        {
            if (_isDisposed || stamp != _changes || Find(path) is not null)
            {
                opened.Dispose();
            }
            else if (path.IsEmpty)
            {
                _root = opened;
            }
            else
            {
                if (_slots.Count == Capacity) DropLeastRecentlyUsed();
                byte[] key = path.ToArray();
                _slots.Add(key, new Slot(key, opened) { LastUse = ++_clock });
            }
        }
    }

    /// <summary>
    /// Forgets the directory at <paramref name="path"/> and all below it: from now on another directory, or none, may
    /// have that path. To be called after the system call that made it so.
    /// </summary>
    public void Forget(ReadOnlySpan<byte> path)
    {
        lock (_lock)
        {
            _changes++;
            foreach (Slot slot in _slots.Values)
            {
                // Where symlinks are followed one may have led there.
                if (follows != LinkFollowing.None || IsAtOrBelow(slot.Path, path)) Drop(slot);
            }
            if (path.IsEmpty)
            {
                _root?.Dispose();
                _root = null;
            }
        }
    }

    /// <summary>Closes all descriptors that are not in use, the others after their last use.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Forget([]);
        }
    }

    private int OpenRoot([NotNull] out Descriptor? opened)
    {
        int flags = Linux.O_PATH | Linux.O_DIRECTORY;
        if (guard is null) return Descriptor.Open(Descriptor.WorkingDirectory, in root[0], flags, 0, out opened);
        int error = TrustedPath.Locate(root.AsSpan(0, root.Length - 1), followsLast: true, guard, keepsMagic: false, out Descriptor? directory, out byte[] name);
        opened = null!;
        if (error != Errno.None) return error;
        using (directory) return Descriptor.Open(directory, in name[0], flags | Linux.O_NOFOLLOW, 0, out opened);
    }

    private int OpenBelowRoot(ReadOnlySpan<byte> path, [NotNull] out Descriptor? directory)
    {
        int error = Acquire([], out Descriptor? start);
        if (error != Errno.None)
        {
            directory = null!;
            return error;
        }
        try
        {
            return DirectoryResolver.Open(start, path, follows, out directory);
        }
        finally
        {
            start.Release();
        }
    }

    private Descriptor? Find(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty) return _root;
        if (!_slots.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(path, out Slot? slot)) return null;
        slot.LastUse = ++_clock;
        return slot.Directory;
    }

    private void DropLeastRecentlyUsed()
    {
        Slot? oldest = null;
        foreach (Slot slot in _slots.Values)
        {
            if (oldest is null || slot.LastUse < oldest.LastUse) oldest = slot;
        }
        Drop(oldest!);
    }

    private void Drop(Slot slot)
    {
        _slots.Remove(slot.Path);
        slot.Directory.Dispose();
    }

    private static bool IsAtOrBelow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> ancestor) =>
        ancestor.IsEmpty
        || (path.StartsWith(ancestor) && (path.Length == ancestor.Length || path[ancestor.Length] == (byte)'/'));
}
