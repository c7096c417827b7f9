namespace SyncHop.Engine;

// Which attributes are preserved, and how.
public sealed partial record SyncOptions
{
    /// <summary><c>--hard-links, -H</c>: names of one file stay names of one file.</summary>
    public bool HardLinks { get; init; }

    /// <summary><c>--perms, -p</c>.</summary>
    public bool Perms { get; init; }

    /// <summary><c>--times, -t</c>.</summary>
    public bool Times { get; init; }

    /// <summary><c>--group, -g</c>.</summary>
    public bool Group { get; init; }

    /// <summary><c>--owner, -o</c>.</summary>
    public bool Owner { get; init; }

    /// <summary><c>--numeric-ids</c>: owners are not mapped by name.</summary>
    public bool NumericIds { get; init; }

    /// <summary><c>--acls, -A</c>; implies <see cref="Perms"/>.</summary>
    public bool Acls { get; init; }

    /// <summary><c>--xattrs, -X</c>: how often it was given.</summary>
    public int Xattrs { get; init; }

    /// <summary>Whether more than the stat of an entry is kept.</summary>
    internal bool KeepsExtended => Acls || Xattrs > 0;

    /// <summary><c>--executability, -E</c>: whether a regular file can be executed is kept without <c>-p</c>.</summary>
    public bool Executability { get; init; }

    /// <summary><c>--chmod=CHMOD</c>; null for none.</summary>
    public ModeChanges? Chmod { get; init; }

    /// <summary><c>--atimes, -U</c>: how often it was given.</summary>
    public int Atimes { get; init; }

    /// <summary><c>--open-noatime</c>, or <c>-UU</c>: reading leaves access times alone where this machine permits.</summary>
    public bool OpenNoAtime { get; init; }

    /// <summary><c>--omit-dir-times, -O</c>.</summary>
    public bool OmitDirTimes { get; init; }

    /// <summary><c>--omit-link-times, -J</c>.</summary>
    public bool OmitLinkTimes { get; init; }

    /// <summary><c>--modify-window=NUM, -@</c>: times that differ by no more than so many seconds are equal; negative: nanoseconds count.</summary>
    public int ModifyWindow { get; init; }

    /// <summary><c>--super</c> (true) or <c>--no-super</c> (false); null: the receiving side's own rights decide.</summary>
    public bool? Super { get; init; }

    /// <summary><c>--usermap=STRING</c> as raw bytes; null for none.</summary>
    public byte[]? UserMap { get; init; }

    /// <summary><c>--groupmap=STRING</c> as raw bytes; null for none.</summary>
    public byte[]? GroupMap { get; init; }

    /// <summary>This process's umask, which <c>--chmod</c> heeds where an item names no class.</summary>
    public uint Umask { get; init; }
}
