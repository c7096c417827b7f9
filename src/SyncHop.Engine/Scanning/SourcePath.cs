namespace SyncHop.Engine.Scanning;

/// <summary>
/// A source argument taken apart as rsync does: a path that ends in a slash, <c>.</c> or <c>..</c> means a directory's
/// contents, any other its last component.
/// </summary>
/// <param name="Root">The directory to work in, as typed.</param>
/// <param name="Name">The entry in it; empty when the contents of <paramref name="Root"/> are meant.</param>
internal readonly record struct SourcePath(byte[] Root, byte[] Name)
{
    /// <summary>Whether the contents of <see cref="Root"/> are meant.</summary>
    public bool IsContents => Name.Length == 0;

    /// <summary>Takes a typed path apart.</summary>
    public static SourcePath Parse(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty) return new SourcePath("."u8.ToArray(), []);
        int end = path.Length;
        while (end > 1 && path[end - 1] == '/') end--;
        bool slash = end < path.Length;
        ReadOnlySpan<byte> trimmed = path[..end];
        int cut = trimmed.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> name = trimmed[(cut + 1)..];
        if (slash || name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) return new SourcePath(trimmed.ToArray(), []);
        ReadOnlySpan<byte> root = cut switch { < 0 => "."u8, 0 => "/"u8, _ => trimmed[..cut] };
        return new SourcePath(root.ToArray(), name.ToArray());
    }
}
