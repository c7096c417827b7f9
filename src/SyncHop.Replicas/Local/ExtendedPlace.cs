using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace SyncHop.Replicas.Local;

/// <summary>
/// xattr(7)'s system calls for an open file, or for an entry of an open directory. There are no <c>*at</c> forms before Linux 6.13: an
/// entry is named through the directory's link in /proc, which leads to the very directory that is open, and its last
/// component is not followed.
/// </summary>
[SkipLocalsInit]
internal readonly ref struct ExtendedPlace
{
    /// <summary>Room for a path.</summary>
    public const int PathCapacity = Location.NameCapacity + 32;

    private const int MostTries = 10;

    private readonly Descriptor? _file;
    private readonly ReadOnlySpan<byte> _path;
    private readonly bool _follows;

    /// <summary>An open file, of any mode but <c>O_PATH</c>.</summary>
    public ExtendedPlace(Descriptor file) => _file = file;

    /// <param name="at">The entry; held by the caller.</param>
    /// <param name="buffer">Of <see cref="PathCapacity"/> bytes.</param>
    public ExtendedPlace(in Location at, Span<byte> buffer)
    {
        if (at.Directory == Descriptor.WorkingDirectory)
        {
            // What the user named, however long.
            _path = at.TerminatedName;
            return;
        }
        Utf8.TryWrite(buffer, $"/proc/self/fd/{at.Directory.Number}/", out int length);
        at.TerminatedName.CopyTo(buffer[length..]);
        _path = buffer;
    }

    private ExtendedPlace(ReadOnlySpan<byte> path, bool follows)
    {
        _path = path;
        _follows = follows;
    }

    /// <summary>Where the entry leads to when it is a symlink; to be read only.</summary>
    public ExtendedPlace Followed() => new(_path, follows: true);

    /// <summary>The names, each with a NUL.</summary>
    /// <returns>0 or the errno.</returns>
    public int List(out byte[] names) => Read(in Unsafe.NullRef<byte>(), out names);

    /// <summary>A value.</summary>
    /// <param name="name">The name with its NUL.</param>
    /// <param name="value">What it has.</param>
    /// <returns>0 or the errno.</returns>
    public int Get(ReadOnlySpan<byte> name, out byte[] value) => Read(in MemoryMarshal.GetReference(name), out value);

    /// <summary>Sets a value.</summary>
    /// <param name="name">The name with its NUL.</param>
    /// <param name="value">The value.</param>
    /// <returns>0 or the errno.</returns>
    public int Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ref readonly byte first = ref MemoryMarshal.GetReference(name);
        int result = _file is null
            ? Libc.lsetxattr(in First, in first, in MemoryMarshal.GetReference(value), value.Length, 0)
            : Libc.fsetxattr(_file, in first, in MemoryMarshal.GetReference(value), value.Length, 0);
        return result == 0 ? Errno.None : Errno.Last;
    }

    /// <summary>Removes an attribute.</summary>
    /// <param name="name">The name with its NUL.</param>
    /// <returns>0 or the errno.</returns>
    public int Remove(ReadOnlySpan<byte> name)
    {
        ref readonly byte first = ref MemoryMarshal.GetReference(name);
        return (_file is null ? Libc.lremovexattr(in First, in first) : Libc.fremovexattr(_file, in first)) == 0 ? Errno.None : Errno.Last;
    }

    private ref readonly byte First => ref MemoryMarshal.GetReference(_path);

    private int Read(ref readonly byte name, out byte[] value)
    {
        Span<byte> buffer = stackalloc byte[1024];
        value = [];
        // It may grow between two calls.
        for (int tries = 0; tries < MostTries; tries++)
        {
            nint length = Call(in name, buffer);
            if (length >= 0)
            {
                value = buffer[..(int)length].ToArray();
                return Errno.None;
            }
            if (Errno.Last != Errno.ERANGE) return Errno.Last;
            length = Call(in name, []);
            if (length < 0) return Errno.Last;
            buffer = new byte[length];
        }
        return Errno.ERANGE;
    }

    private nint Call(ref readonly byte name, Span<byte> buffer)
    {
        ref byte first = ref MemoryMarshal.GetReference(buffer);
        if (Unsafe.IsNullRef(in name))
            return _file is null ? Libc.llistxattr(in First, ref first, buffer.Length) : Libc.flistxattr(_file, ref first, buffer.Length);
        if (_follows) return Libc.getxattr(in First, in name, ref first, buffer.Length);
        return _file is null ? Libc.lgetxattr(in First, in name, ref first, buffer.Length) : Libc.fgetxattr(_file, in name, ref first, buffer.Length);
    }
}
