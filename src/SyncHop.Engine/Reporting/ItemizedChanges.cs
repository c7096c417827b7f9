using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Reporting;

/// <summary>The eleven letters <c>YXcstpoguax</c> of <c>--itemize-changes</c> (rsync(1), <c>-i</c>).</summary>
internal static class ItemizedChanges
{
    /// <summary>The letters for a removed entry.</summary>
    public const string Deleted = "*deleting  ";

    /// <summary>The letters for an item.</summary>
    /// <param name="type">The entry's kind.</param>
    /// <param name="flags">What differs.</param>
    /// <param name="sends">Whether content goes to another host (<c>&lt;</c>) rather than comes here (<c>&gt;</c>).</param>
    /// <param name="keepsTime">Whether the source's time is given to the entry (<c>t</c>) rather than that of the transfer (<c>T</c>).</param>
    public static string Format(FileType type, ItemFlags flags, bool sends, bool keepsTime)
    {
        Span<char> letters = stackalloc char[11];
        letters[0] = flags.HasFlag(ItemFlags.Transfer) ? sends ? '<' : '>' : flags.HasFlag(ItemFlags.HardLink) ? 'h' : flags.HasFlag(ItemFlags.LocalChange) ? 'c' : '.';
        letters[1] = type switch
        {
            FileType.Directory => 'd',
            FileType.Symlink => 'L',
            FileType.CharacterDevice or FileType.BlockDevice => 'D',
            FileType.Fifo or FileType.Socket => 'S',
            _ => 'f',
        };
        Span<char> attributes = letters[2..];
        if (flags.HasFlag(ItemFlags.New))
        {
            attributes.Fill('+');
            return new string(letters);
        }
        attributes.Fill('.');
        if (flags.HasFlag(ItemFlags.Change)) attributes[0] = 'c';
        if (flags.HasFlag(ItemFlags.Size)) attributes[1] = 's';
        if (flags.HasFlag(ItemFlags.Time)) attributes[2] = keepsTime ? 't' : 'T';
        if (flags.HasFlag(ItemFlags.Perms)) attributes[3] = 'p';
        if (flags.HasFlag(ItemFlags.Owner)) attributes[4] = 'o';
        if (flags.HasFlag(ItemFlags.Group)) attributes[5] = 'g';
        if (flags.HasFlag(ItemFlags.AccessTime)) attributes[6] = 'u';
        if (flags.HasFlag(ItemFlags.Acl)) attributes[7] = 'a';
        if (flags.HasFlag(ItemFlags.Xattrs)) attributes[8] = 'x';
        bool unchanged = !attributes.ContainsAnyExcept('.');
        if (unchanged && !flags.HasFlag(ItemFlags.Transfer)) attributes.Fill(' ');
        return new string(letters);
    }
}
