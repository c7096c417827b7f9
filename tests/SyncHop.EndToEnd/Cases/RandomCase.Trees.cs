using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

// The trees.
internal sealed partial class RandomCase
{
    private static readonly string[] NamePool =
    [
        "a", "a-b", "a.b", "a0", "A", "b", "B", "ab", "aa", ".a", "..a", "-v", "--", "_", "~", "0", "10", "9", "a b", " a", "a ",
        ByteString.Of("é"), ByteString.Of("日本"), "\u00ff\u00fe", "a\nb", "\\#012", "\\", "'", "\"", "$x", "*", "a:b", "a,b", "x@y",
        new('n', 255), "sub", "lib", "src", "x.txt", "x.txt~", ".x.txt.abcdef",
    ];

    private static readonly int[] FileModes =
        [.. new[] { "644", "644", "644", "600", "755", "444", "666", "640", "4755", "2711" }.Select(Tree.Octal)];

    private static readonly int[] DirectoryModes =
        [.. new[] { "755", "755", "755", "700", "555", "1777", "2755" }.Select(Tree.Octal)];

    private Tree Source(bool withSpecials)
    {
        var tree = new Tree();
        var directories = new List<string> { "" };
        for (var count = random.Next(1, 40); count > 0; count--)
        {
            var path = directories[random.Next(directories.Count)] + Pick(NamePool);
            // The whole path must stay below the system's limit.
            if (tree.Find(path) is not null || path.Length > 2000)
                continue;
            var entry = Entry(path, withSpecials);
            tree.Add(entry);
            if (entry.Kind == 'd')
                directories.Add(path + "/");
        }
        return tree;
    }

    private TreeEntry Entry(string path, bool withSpecials)
    {
        var entry = random.Next(100) switch
        {
            < 55 => Content(new TreeEntry(path, 'f') { Mode = FileMode() }),
            < 80 => new TreeEntry(path, 'd') { Mode = Pick(DirectoryModes) },
            < 94 => new TreeEntry(path, 'l') { Text = Pick("a", "b", "../x", "/etc/debian_version", "sub/lib", "\u00ff", "nowhere") },
            < 97 when withSpecials => new TreeEntry(path, 'p') { Mode = FileMode() },
            _ when withSpecials && mode == Mode.Local && isRoot =>
                new TreeEntry(path, Pick('c', 'b')) { Device = ((uint)random.Next(1, 9), (uint)random.Next(1, 9)) },
            _ => Content(new TreeEntry(path, 'f')),
        };
        return Attributed(Owned(Timed(entry)));
    }

    /// <summary>Where an access control list meets a set-user-ID bit that goes rsync's first run sets a wrong one, and its second mends it.</summary>
    private int FileMode() => Pick(keepsLists ? FileModes[..8] : FileModes);

    private TreeEntry Attributed(TreeEntry entry)
    {
        if (!keepsAttributes && !keepsLists)
            return entry;
        var words = new List<string>();
        // Into a directory that its owner may not write to and that gets attributes an ordinary user's rsync puts nothing; synchop does.
        var isOpen = isRoot || entry.Kind != 'd' || (entry.Mode & Tree.Octal("200")) != 0;
        if (keepsAttributes && entry.Kind is 'f' or 'd' && isOpen && Chance(40))
            words.Add(Pick("user.a=1", "user.a=2", "user.b=", "user.a=*300"));
        if (keepsAttributes && isRoot && Chance(20))
            words.Add(Pick("trusted.t=1", "trusted.t=2", "trusted.u=1"));
        if (keepsLists && entry.Kind is 'f' or 'd' && Chance(30))
            words.Add("access=" + Pick(entry.Kind == 'd' ? "u7,u1.5,g5,m5,o5" : "u6,u1234.4,g4,m4,o4", "u7,u1234.6,g5,g55.7,m7,o0", "u7,g5,m5,o5"));
        if (keepsLists && entry.Kind == 'd' && Chance(30))
            words.Add("default=" + Pick("u7,u1234.7,g5,m7,o5", "u7,g5,o0"));
        return entry with { Extended = [.. words.Select(ExtendedAttribute.Parse)] };
    }

    private TreeEntry Content(TreeEntry entry) => Chance(15)
        ? entry with { Size = random.Next(300_000), Text = Pick("x", "y") }
        : entry with { Text = Pick("", "1", "2", "22", "333", "hello", "a\0b") };

    private TreeEntry Timed(TreeEntry entry) => random.Next(10) switch
    {
        < 6 => entry,
        < 7 => entry with { Seconds = random.Next() },
        < 8 => entry with { Seconds = Tree.Epoch + 1 },
        < 9 => entry with { Seconds = Tree.Epoch - 1 },
        _ => entry with { Seconds = Tree.Epoch, Nanoseconds = mode == Mode.Local ? random.Next(1_000_000_000) : 0 },
    };

    private TreeEntry Owned(TreeEntry entry) =>
        isRoot && Chance(10) ? entry with { Owner = ((uint)random.Next(1, 4) * 1111, (uint)random.Next(1, 4) * 2222) } : entry;

    // What a destination looks like some time after the last run.
    private Tree Mutate(Tree source)
    {
        var tree = source.Copy();
        foreach (var entry in source.Entries.ToList())
        {
            if (tree.Find(entry.Path) is null)
                continue;
            switch (random.Next(15))
            {
                case 0:
                    tree.Remove(entry.Path);
                    break;
                case 1:
                    tree.Add(Timed(entry));
                    break;
                case 2 when entry.Kind == 'f':
                    tree.Add(Content(entry));
                    break;
                case 3 when entry.Kind is 'f' or 'd':
                    tree.Add(entry with { Mode = Pick(entry.Kind == 'd' ? DirectoryModes : keepsLists ? FileModes[..8] : FileModes) });
                    break;
                case 4:
                    tree.Add(Owned(entry));
                    break;
                case 5 when entry.Kind == 'l':
                    tree.Add(entry with { Text = "elsewhere" });
                    break;
                case 7:
                    tree.Add(Attributed(entry));
                    break;
                case 6:
                    tree.Remove(entry.Path);
                    tree.Add(Entry(entry.Path, withSpecials: true));
                    break;
            }
        }
        for (var count = random.Next(8); count > 0; count--)
        {
            var parents = tree.Entries.Where(e => e.Kind == 'd').Select(e => e.Path + "/").Append("").ToList();
            var path = parents[random.Next(parents.Count)] + Pick(NamePool);
            if (tree.Find(path) is null && path.Length <= 2000)
                tree.Add(Entry(path, withSpecials: true));
        }
        return tree;
    }
}
