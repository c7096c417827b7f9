using SyncHop.Engine.Contract;

namespace SyncHop.Engine;

/// <summary>
/// The changes of <c>--chmod</c> (rsync(1)): chmod(1)'s modes, octal or symbolic, with <c>D</c> and <c>F</c> for directories and
/// everything else alone. What results counts as the permissions that the source has.
/// </summary>
public sealed class ModeChanges
{
    private const uint SetUid = 0x800, SetGid = 0x400, Sticky = 0x200; // 04000, 02000, 01000
    private const uint User = 0x40, Group = 0x8, Other = 0x1; // 0100, 0010, 0001
    private const uint Everyone = User | Group | Other;
    private const uint Rwx = 7;

    private readonly Item[] _items;
    private readonly string _text;

    private ModeChanges(Item[] items, string text)
    {
        _items = items;
        _text = text;
    }

    /// <summary>Reads one value of the option and appends it to those before.</summary>
    /// <param name="text">The value.</param>
    /// <param name="before">What earlier options say; null for none.</param>
    /// <returns>null when the value is not valid.</returns>
    public static ModeChanges? Parse(string text, ModeChanges? before = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<Item> items = [.. before?._items ?? []];
        foreach (string word in text.Split(','))
        {
            if (ParseItem(word) is not Item item) return null;
            items.Add(item);
        }
        return new ModeChanges([.. items], before is null ? text : $"{before._text},{text}");
    }

    /// <summary>The mode with the changes made; a symlink's stays.</summary>
    /// <param name="mode">Type and permission bits.</param>
    /// <param name="umask">What an item without a class (<c>+w</c>) leaves alone.</param>
    public uint Apply(uint mode, uint umask)
    {
        FileType type = FileStat.TypeOf(mode);
        if (type == FileType.Symlink) return mode;
        bool isDirectory = type == FileType.Directory;
        uint permissions = mode & FileStat.PermissionMask;
        bool executes = isDirectory || (mode & Everyone) != 0; // before any change, as rsync has it
        foreach (Item item in _items)
        {
            if (item.DirectoriesOnly ? isDirectory : !item.FilesOnly || !isDirectory) permissions = item.Apply(permissions, executes, umask);
        }
        return (mode & ~FileStat.PermissionMask) | permissions;
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static Item? ParseItem(ReadOnlySpan<char> word)
    {
        Item item = new();
        if (word is [>= '0' and <= '7', ..]) return ParseOctal(word, item);
        int i = 0;
        for (; i < word.Length && word[i] is not ('+' or '-' or '='); i++)
        {
            switch (word[i])
            {
                case 'D' when !item.FilesOnly: item = item with { DirectoriesOnly = true }; break;
                case 'F' when !item.DirectoriesOnly: item = item with { FilesOnly = true }; break;
                case 'u': item = item with { Classes = item.Classes | User }; break;
                case 'g': item = item with { Classes = item.Classes | Group }; break;
                case 'o': item = item with { Classes = item.Classes | Other }; break;
                case 'a': item = item with { Classes = item.Classes | Everyone }; break;
                case >= '0' and <= '7' when item.Classes == 0: return ParseOctal(word[i..], item);
                default: return null;
            }
        }
        if (i == word.Length) return null;
        item = item with { Operation = word[i] };
        return ParsePermissions(word[(i + 1)..], item);
    }

    private static Item? ParseOctal(ReadOnlySpan<char> digits, Item item)
    {
        uint value = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7') return null;
            value = (value * 8) + digit - '0';
            if (value > FileStat.PermissionMask) return null;
        }
        return item with { Operation = '8', Special = value };
    }

    private static Item? ParsePermissions(ReadOnlySpan<char> letters, Item item)
    {
        if (letters is ['u' or 'g' or 'o'])
        {
            return item with { CopiedShift = letters[0] switch { 'u' => 6, 'g' => 3, _ => 0 } };
        }
        foreach (char letter in letters)
        {
            switch (letter)
            {
                case 'r': item = item with { Bits = item.Bits | 4 }; break;
                case 'w': item = item with { Bits = item.Bits | 2 }; break;
                case 'x': item = item with { Bits = item.Bits | 1 }; break;
                case 'X': item = item with { ExecuteWhereSome = true }; break;
                case 's': item = item with { Special = item.Special | SetIdOf(item.Classes) }; break;
                case 't': item = item with { Special = item.Special | Sticky }; break;
                default: return null;
            }
        }
        return item;
    }

    /// <summary>Setgid for the group, setuid for the user; also for others alone and for no class, as rsync has it.</summary>
    private static uint SetIdOf(uint classes) =>
        ((classes & Group) != 0 ? SetGid : 0) | ((classes & User) != 0 || (classes & Group) == 0 ? SetUid : 0);

    private readonly record struct Item()
    {
        public bool DirectoriesOnly { get; init; }

        public bool FilesOnly { get; init; }

        /// <summary>One bit for each class (0111); none: all that the umask does not take away.</summary>
        public uint Classes { get; init; }

        /// <summary><c>+ - =</c>, or <c>8</c> for an octal mode.</summary>
        public char Operation { get; init; } = '+';

        /// <summary>rwx as a digit.</summary>
        public uint Bits { get; init; }

        public bool ExecuteWhereSome { get; init; }

        /// <summary>Setuid, setgid and sticky; all bits of an octal mode.</summary>
        public uint Special { get; init; }

        /// <summary>Where in the mode the class is whose permissions are copied; negative for none.</summary>
        public int CopiedShift { get; init; } = -1;

        public uint Apply(uint mode, bool executes, uint umask)
        {
            if (Operation == '8') return Special;
            bool copies = CopiedShift >= 0;
            uint bits = copies ? (mode >> CopiedShift) & Rwx : Bits;
            if (ExecuteWhereSome && executes) bits |= 1;
            uint classes = Classes == 0 ? Everyone : Classes;
            uint changed = (bits * classes & ~(Classes == 0 ? umask : 0)) | Special;
            if (Operation == '+') return mode | changed;
            if (Operation == '-') return mode & ~changed;
            uint cleared = Rwx * classes;
            if (copies)
                cleared |= ((classes & User) != 0 ? SetUid : 0) | ((classes & Group) != 0 ? SetGid : 0) | ((classes & Other) != 0 ? Sticky : 0);
            return (mode & ~cleared) | changed;
        }
    }
}
