using System.Globalization;
using System.Text.RegularExpressions;

namespace SyncHop.EndToEnd.Harness;

/// <summary>One thing in a tree that a test makes. Size is of random content; otherwise Text is the content.</summary>
internal sealed record TreeEntry(string Path, char Kind)
{
    public string Text { get; init; } = "";
    public long Size { get; init; } = -1;
    public int Mode { get; init; } = -1;
    public (uint Uid, uint Gid)? Owner { get; init; }
    public long Seconds { get; init; } = Tree.Epoch;
    public long Nanoseconds { get; init; }
    public (uint Major, uint Minor) Device { get; init; }
    public IReadOnlyList<ExtendedAttribute> Extended { get; init; } = [];
}

/// <summary>
/// A tree described in words separated by blanks, parents made as needed:
/// <code>
/// name/        directory          name=text    file with that content
/// name->to     symbolic link      name*1000    file of 1000 bytes that follow from name
/// name|        fifo               name!s       socket;  name!c,1,3 and name!b,1,3 devices
/// name=&gt;other  another name (hard link) of other, a path in the tree
/// </code>
/// followed by any of <c>^user.a=value</c> extended attribute, <c>^access=u6,u1234.4,g4,g55.4,m4,o4</c> and <c>^default=…</c> lists, <c>:0644</c> mode, <c>#uid.gid</c> owner, <c>@+5 @-5</c> mtime relative to <see cref="Epoch"/>,
/// <c>@5</c> or <c>@5.000000001</c> absolute. Bytes with a meaning here are written <c>\ooo</c>. <c>./</c> is the tree itself.
/// </summary>
internal sealed partial class Tree
{
    /// <summary>The mtime that everything has without an <c>@</c>: equal in source and destination.</summary>
    public const long Epoch = 1_600_000_000;

    private readonly SortedDictionary<string, TreeEntry> entries = new(StringComparer.Ordinal);

    public IEnumerable<TreeEntry> Entries => entries.Values;

    public static Tree Parse(string description)
    {
        var tree = new Tree();
        foreach (var word in description.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            tree.Add(ParseWord(word));
        return tree;
    }

    public TreeEntry? Find(string path) => entries.GetValueOrDefault(path);

    public void Add(TreeEntry entry)
    {
        entries[entry.Path] = entry;
        for (var slash = entry.Path.LastIndexOf('/'); slash > 0; slash = entry.Path.LastIndexOf('/', slash - 1))
        {
            var parent = entry.Path[..slash];
            if (!entries.ContainsKey(parent))
                entries[parent] = new TreeEntry(parent, 'd');
        }
    }

    /// <summary>Removes an entry with everything below it.</summary>
    public void Remove(string path)
    {
        foreach (var gone in entries.Keys.Where(p => p == path || p.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
            entries.Remove(gone);
    }

    public Tree Copy()
    {
        var copy = new Tree();
        foreach (var entry in Entries)
            copy.entries[entry.Path] = entry;
        return copy;
    }

    /// <summary>The words that <see cref="Parse"/> takes, so that a random tree can become a row of the table.</summary>
    public override string ToString() => string.Join(' ', Entries.Select(Describe));

    private static string Describe(TreeEntry entry)
    {
        var what = entry.Kind switch
        {
            'd' => "/",
            'f' when entry.Size >= 0 => "*" + entry.Size.ToString(CultureInfo.InvariantCulture),
            'f' => "=" + Escape(entry.Text),
            'l' => "->" + Escape(entry.Text),
            'h' => "=>" + Escape(entry.Text),
            'p' => "|",
            's' => "!s",
            _ => $"!{entry.Kind},{entry.Device.Major},{entry.Device.Minor}",
        };
        return Escape(entry.Path) + what
            + (entry.Mode >= 0 ? ":0" + Convert.ToString(entry.Mode, 8) : "")
            + (entry.Owner is var (uid, gid) ? $"#{uid}.{gid}" : "")
            + (entry.Nanoseconds != 0 ? $"@{entry.Seconds}.{entry.Nanoseconds:d9}"
                : Math.Abs(entry.Seconds - Epoch) is > 0 and < 1000 ? $"@{entry.Seconds - Epoch:+0;-0}"
                : entry.Seconds != Epoch ? $"@{entry.Seconds}" : "");
    }

    private static string Escape(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '~' or ',' || (c == '-' && text != "-")
        ? c.ToString() : "\\" + Convert.ToString(c, 8).PadLeft(3, '0')));

    /// <summary>Makes the tree, owned by the given user where an entry names no owner of its own.</summary>
    public void Build(string root, uint uid, uint gid)
    {
        Libc.MakeDirectory(root);
        foreach (var entry in Entries)
            Create(root, entry);
        foreach (var entry in Entries.Where(e => e.Kind == 'h'))
            Libc.MakeHardLink(root + "/" + entry.Text, At(root, entry));
        // Children before parents, so that a directory's time and missing write permission are set last.
        var attributes = Entries.Reverse().ToList();
        if (!entries.ContainsKey("."))
            attributes.Add(new TreeEntry(".", 'd'));
        attributes.Sort((a, b) => (a.Path == ".").CompareTo(b.Path == "."));
        foreach (var entry in attributes)
            SetAttributes(entry, At(root, entry), entry.Owner ?? (uid, gid));
    }

    private static string At(string root, TreeEntry entry) => root + "/" + entry.Path;

    private static void Create(string root, TreeEntry entry)
    {
        var path = At(root, entry);
        switch (entry.Kind)
        {
            case 'd' when entry.Path == ".":
            case 'h': // when what it links to is there
                break;
            case 'd':
                Libc.MakeDirectory(path);
                break;
            case 'l':
                Libc.MakeLink(entry.Text, path);
                break;
            case 'f':
                using (var stream = Libc.Create(path))
                    WriteContent(stream, entry);
                break;
            default:
                Libc.MakeNode(path, entry.Kind, entry.Device.Major, entry.Device.Minor);
                break;
        }
    }

    private static void WriteContent(FileStream stream, TreeEntry entry)
    {
        if (entry.Size < 0)
        {
            stream.Write(System.Text.Encoding.Latin1.GetBytes(entry.Text));
            return;
        }
        var random = new Random(entry.Text.Aggregate(17, (hash, c) => unchecked(hash * 31 + c)));
        var buffer = new byte[64 * 1024];
        for (var left = entry.Size; left > 0; left -= buffer.Length)
        {
            random.NextBytes(buffer);
            stream.Write(buffer, 0, (int)Math.Min(left, buffer.Length));
        }
    }

    private static void SetAttributes(TreeEntry entry, string path, (uint Uid, uint Gid) owner)
    {
        if (entry.Kind == 'h')
            return;
        if (Libc.UserId == 0)
            Libc.SetOwner(path, owner.Uid, owner.Gid);
        if (entry.Kind != 'l')
            Libc.SetMode(path, entry.Mode >= 0 ? entry.Mode : entry.Kind == 'd' ? Octal("755") : Octal("644"));
        // An access control list says the permissions too.
        foreach (var attribute in entry.Extended)
            Libc.SetAttribute(path, attribute.Name, attribute.Value);
        Libc.SetTime(path, entry.Seconds, entry.Nanoseconds);
    }

    public static int Octal(string digits) => Convert.ToInt32(digits, 8);

    private static TreeEntry ParseWord(string word)
    {
        var match = Word().Match(word);
        if (!match.Success)
            throw new FormatException($"not a tree word: {word}");
        var name = ByteString.Unescape(match.Groups["name"].Value);
        var what = match.Groups["what"].Value;
        var rest = ByteString.Unescape(match.Groups["rest"].Value);
        var entry = what switch
        {
            "/" => new TreeEntry(name, 'd'),
            "=" => new TreeEntry(name, 'f') { Text = rest },
            "*" => new TreeEntry(name, 'f') { Size = long.Parse(rest, CultureInfo.InvariantCulture), Text = name },
            "->" => new TreeEntry(name, 'l') { Text = rest },
            "=>" => new TreeEntry(name, 'h') { Text = rest },
            "|" => new TreeEntry(name, 'p'),
            _ => Special(name, rest.Split(',')),
        };
        if (match.Groups["mode"] is { Success: true } mode)
            entry = entry with { Mode = Octal(mode.Value) };
        if (match.Groups["uid"] is { Success: true } uid)
        {
            entry = entry with
            {
                Owner = (uint.Parse(uid.Value, CultureInfo.InvariantCulture),
                    uint.Parse(match.Groups["gid"].Value, CultureInfo.InvariantCulture)),
            };
        }
        if (match.Groups["time"] is { Success: true } time)
        {
            var seconds = long.Parse(time.Value, CultureInfo.InvariantCulture);
            entry = entry with { Seconds = time.Value[0] is '+' or '-' ? Epoch + seconds : seconds };
        }
        if (match.Groups["extended"] is { Success: true } extended)
            entry = entry with { Extended = [.. extended.Captures.Select(c => ExtendedAttribute.Parse(c.Value))] };
        if (match.Groups["nano"] is { Success: true } nano)
            entry = entry with { Nanoseconds = long.Parse(nano.Value, CultureInfo.InvariantCulture) };
        return entry;
    }

    private static TreeEntry Special(string name, string[] words) => words.Length == 1
        ? new TreeEntry(name, words[0][0])
        : new TreeEntry(name, words[0][0])
        {
            Device = (uint.Parse(words[1], CultureInfo.InvariantCulture), uint.Parse(words[2], CultureInfo.InvariantCulture)),
        };

    [GeneratedRegex(@"^(?<name>(\\\d{3}|[^/=*|!:@#>\\-]|/(?=[^:@#^])|-(?!>))+)(?<what>/|=>|=|\*|->|\||!)(?<rest>[^:@#^]*)"
        + @"(:(?<mode>\d+)|@(?<time>[+-]?\d+)(\.(?<nano>\d{9}))?|#(?<uid>\d+)\.(?<gid>\d+)|\^(?<extended>[^:@#^]+))*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
