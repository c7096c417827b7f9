namespace SyncHop.Engine.Links;

/// <summary>Judges a symlink by the text of its target, as rsync(1) says under <c>--copy-unsafe-links</c>: nothing is looked up.</summary>
internal static class LinkSafety
{
    /// <summary>
    /// Whether the symlink may lead out of the transfer: its target is absolute or empty, climbs above the transfer's top, or
    /// has a <c>..</c> anywhere but at its beginning.
    /// </summary>
    /// <param name="path">The symlink's path in the transfer.</param>
    /// <param name="target">Its target.</param>
    public static bool IsUnsafe(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target)
    {
        if (target.IsEmpty || target[0] == '/' || target.EndsWith("/.."u8)) return true;
        int climbs = 0;
        while (target.StartsWith("../"u8))
        {
            climbs++;
            target = target[3..].TrimStart((byte)'/');
        }
        if (target.SequenceEqual(".."u8)) climbs++;
        return target.IndexOf("/../"u8) >= 0 || climbs > path.Count((byte)'/');
    }
}
