namespace SyncHop.Engine.Contract;

/// <summary>Absolute paths as bytes.</summary>
internal static class AbsolutePath
{
    /// <summary>The path without <c>.</c>, <c>..</c> and empty components, with a slash at its end; symlinks are not looked at.</summary>
    public static byte[] Clean(ReadOnlySpan<byte> path)
    {
        List<byte> clean = [(byte)'/'];
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> component = path[range];
            if (component.IsEmpty || component.SequenceEqual("."u8)) continue;
            if (component.SequenceEqual(".."u8))
            {
                // The root is above itself.
                int above = clean.Count > 1 ? clean.LastIndexOf((byte)'/', clean.Count - 2) : 0;
                clean.RemoveRange(above + 1, clean.Count - above - 1);
                continue;
            }
            clean.AddRange(component);
            clean.Add((byte)'/');
        }
        return [.. clean];
    }
}
