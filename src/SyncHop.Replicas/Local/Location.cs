using System.Runtime.InteropServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>Where an entry is, as <c>*at</c> calls want it: the descriptor of its directory, held, and its name there.</summary>
internal readonly ref struct Location
{
    /// <summary>Room for a name and its NUL: 255 UTF-16 units of vfat or CIFS may become 1,020 bytes.</summary>
    public const int NameCapacity = 1024;

    private readonly Descriptor? _directory;
    private readonly ReadOnlySpan<byte> _name;
    private readonly LinkFollowing _follows;

    private Location(int error, LinkFollowing follows = LinkFollowing.None)
    {
        Error = error;
        _follows = follows;
    }

    private Location(Descriptor directory, ReadOnlySpan<byte> terminatedName)
    {
        _directory = directory;
        _name = terminatedName;
    }

    /// <summary>Why the directory could not be opened: an errno, or 0.</summary>
    public int Error { get; }

    /// <summary>The directory; only when there is no <see cref="Error"/>.</summary>
    public Descriptor Directory => _directory!;

    /// <summary>The first byte of the NUL-terminated name.</summary>
    public ref readonly byte Name => ref MemoryMarshal.GetReference(_name);

    /// <summary>The name with its NUL.</summary>
    public ReadOnlySpan<byte> TerminatedName => _name[..(_name.IndexOf((byte)0) + 1)];

    /// <summary>A path that the user named, NUL-terminated, with symlinks in it followed.</summary>
    public static Location OfUserPath(ReadOnlySpan<byte> terminatedPath)
    {
        Descriptor.WorkingDirectory.Retain();
        return new Location(Descriptor.WorkingDirectory, terminatedPath);
    }

    /// <summary>The same where symlinks of others are not followed: see <see cref="TrustedPath"/>.</summary>
    public static Location OfTrustedPath(ReadOnlySpan<byte> path, bool followsLast, LinkGuard guard)
    {
        int error = TrustedPath.Locate(path, followsLast, guard, keepsMagic: false, out Descriptor? directory, out byte[] name);
        if (error != Errno.None) return new Location(error);
        // Held by this alone.
        directory.Retain();
        directory.Dispose();
        return new Location(directory, name);
    }

    /// <summary>The directory itself.</summary>
    public static Location OfDirectory(DirectoryCache directories, ReadOnlySpan<byte> path)
    {
        int error = directories.Acquire(path, out Descriptor? directory);
        return error == Errno.None ? new Location(directory, ".\0"u8) : new Location(error, directories.Follows);
    }

    /// <summary>An entry below the root.</summary>
    public static Location OfEntry(DirectoryCache directories, ReadOnlySpan<byte> path, Span<byte> nameBuffer)
    {
        int slash = path.LastIndexOf((byte)'/');
        int error = Terminate(path[(slash + 1)..], nameBuffer);
        if (error != Errno.None) return new Location(error);
        error = directories.Acquire(path[..Math.Max(slash, 0)], out Descriptor? directory);
        return error == Errno.None ? new Location(directory, nameBuffer) : new Location(error, directories.Follows);
    }

    /// <summary>An entry of a directory that is open already.</summary>
    public static Location OfEntry(Descriptor directory, ReadOnlySpan<byte> name, Span<byte> nameBuffer)
    {
        int error = Terminate(name, nameBuffer);
        if (error != Errno.None) return new Location(error);
        directory.Retain();
        return new Location(directory, nameBuffer);
    }

    /// <summary>Lets go of the directory.</summary>
    public void Dispose() => _directory?.Release();

    /// <exception cref="ReplicaException">The directory could not be opened; a symlink in its place that is not followed is NotDirectory.</exception>
    public void ThrowIfUnreachable(string operation)
    {
        if (Error == Errno.None) return;
        throw Errno.Failure(Error == Errno.ELOOP && _follows == LinkFollowing.None ? Errno.ENOTDIR : Error, operation);
    }

    private static int Terminate(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        if (!DirectoryResolver.IsComponent(name)) return Errno.EINVAL;
        if (name.Length >= buffer.Length) return Errno.ENAMETOOLONG;
        name.CopyTo(buffer);
        buffer[name.Length] = 0;
        return Errno.None;
    }
}
