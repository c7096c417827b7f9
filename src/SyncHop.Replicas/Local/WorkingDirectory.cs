using System.Runtime.InteropServices;

namespace SyncHop.Replicas.Local;

/// <summary>Absolute paths as bytes.</summary>
internal static unsafe class WorkingDirectory
{
    private const int PathCapacity = 4096; // PATH_MAX

    /// <summary>
    /// <paramref name="path"/> behind the working directory unless it is absolute, without empty and <c>.</c> components.
    /// <c>..</c> stays, since a symlink may stand before it. Where the working directory is unknown the path stays relative.
    /// </summary>
    public static byte[] MakeAbsolute(ReadOnlySpan<byte> path)
    {
        byte* buffer = stackalloc byte[PathCapacity];
        ReadOnlySpan<byte> start = default;
        if (path is not [(byte)'/', ..] && Libc.getcwd(buffer, PathCapacity) is not null)
            start = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer);
        bool isAbsolute = path is [(byte)'/', ..] || start is [(byte)'/', ..];

        List<byte> result = new(start.Length + path.Length + 1);
        Append(result, start, isAbsolute);
        Append(result, path, isAbsolute);
        if (result.Count == 0) result.Add(isAbsolute ? (byte)'/' : (byte)'.');
        return [.. result];
    }

    /// <summary>The absolute path of an existing NUL-terminated one, all symlinks resolved; null where there is none.</summary>
    public static byte[]? Resolve(byte[] path)
    {
        byte* buffer = stackalloc byte[PathCapacity];
        return Libc.realpath(in path[0], buffer) is null ? null : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer).ToArray();
    }

    private static void Append(List<byte> result, ReadOnlySpan<byte> path, bool isAbsolute)
    {
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[range];
            if (name.IsEmpty || name.SequenceEqual("."u8)) continue;
            if (isAbsolute || result.Count > 0) result.Add((byte)'/');
            result.AddRange(name);
        }
    }
}
