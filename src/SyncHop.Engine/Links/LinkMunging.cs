namespace SyncHop.Engine.Links;

/// <summary>
/// rsync's way to keep symlinks where nobody can follow them (<c>--munge-links</c>): a prefix, which names no directory, makes
/// the target absolute. The side that sends takes it off, the side that receives puts it on.
/// </summary>
internal static class LinkMunging
{
    /// <summary>What stands before the target, with its slash.</summary>
    public static ReadOnlySpan<byte> Prefix => "/rsyncd-munged/"u8;

    /// <summary>The target with the prefix.</summary>
    public static byte[] Add(ReadOnlySpan<byte> target) => [.. Prefix, .. target];

    /// <summary>The target without the prefix, if it has it and something behind it.</summary>
    public static ReadOnlySpan<byte> Remove(ReadOnlySpan<byte> target) =>
        target.Length > Prefix.Length && target.StartsWith(Prefix) ? target[Prefix.Length..] : target;
}

/// <summary>What <c>--munge-links</c> does in a run.</summary>
internal enum LinkMunge
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>This side receives, and munges.</summary>
    Add,

    /// <summary>This side sends, and undoes it.</summary>
    Remove,
}
