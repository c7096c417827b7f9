using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>
/// Trees, options and arguments that follow from a seed. The destination is the source with mutations, so that every
/// kind of difference comes up. A push gets nothing that SFTP cannot make; see <see cref="Tree"/> for the kinds.
/// </summary>
internal sealed partial class RandomCase
{
    private static readonly string[] Switches =
    [
        "-n", "-v", "-v", "-i", "-i", "-ii", "-c", "-u", "-I", "--size-only", "--existing", "--ignore-existing", "-W", "-h", "--stats",
        "--force", "--remove-source-files", "--backup-dir=../bk", "--mkpath",
        "-x", "--numeric-ids", "--no-p", "--no-t", "--no-o", "--no-g", "--no-D", "--no-l", "--out-format=%i_%n%L", "-q", "--inplace", "--partial", "-S", "--fsync",
        "-E", "--chmod=u+rw,go-w,+X", "--chmod=D755,F640", "-O", "-J", "-@1", "--no-super", "--usermap=0:5,*:6",
        "--info=name0", "--info=del0,stats1", "--info=skip2", "--log-file=log", "--out-format=%n_%C", "--cc=md5", "--info=progress0",
        "-L", "-k", "-K", "--safe-links", "--copy-unsafe-links", "--munge-links", "--temp-dir={other}", "-m",
    ];

    private readonly Mode mode;
    private readonly bool isRoot;
    private Random random;
    private bool keepsAttributes, keepsLists;

    private RandomCase(int seed, Mode mode, bool isRoot)
    {
        random = new Random(seed);
        this.mode = mode;
        this.isRoot = isRoot;
    }

    public static OracleCase Make(int seed, Mode mode, bool isRoot) => new RandomCase(seed, mode, isRoot).Make(seed);

    private OracleCase Make(int seed)
    {
        var words = Options();
        var preservesSpecials = words.Contains("-a") && !words.Contains("--no-D");
        var source = Source(withSpecials: mode != Mode.Push || !preservesSpecials);
        var destination = Chance(10) ? null : Mutate(source);
        var sources = Sources(source, isSingle: words.Contains("-m"));
        var target = Chance(20) ? "dst" : "dst/";
        // From here on another sequence, so that the trees of a seed stay what they were.
        random = new Random(~seed);
        Widen(words);
        AddRules(source, words);
        sources = WidenSources(sources, source, words);
        Exclude(words);
        if (IsTold(words, 'v', 2)) sources = sources[..1];
        if (words.Contains("--ignore-existing")) destination = WithoutBlockedDirectories(source, destination);
        if (words.Contains("-K")) destination = WithoutKeptLinks(source, destination);
        if (mode != Mode.Pull && Chance(20)) AddNames(source, destination, words);
        // Over SFTP what is all it should be is left as it is: its inode is not known.
        if (mode == Mode.Push && words.Any(word => word.StartsWith("--link-dest=", StringComparison.Ordinal))) destination = null;
        return new OracleCase($"seed {seed}", string.Join(' ', words.Distinct()), source, destination)
        {
            Sources = sources,
            Target = words.Contains("--list-only") ? null : target,
            Runs = words.Contains("--list-only") ? 1 : 2,
            StopsAnywhere = true,
        };
    }

    /// <summary>
    /// rsync's own fault: where --ignore-existing keeps something else in the place of a directory, it gives that file, or
    /// what a symlink there points to, the directory's time. synchop leaves it alone, so such trees are left out.
    /// </summary>
    private static Tree? WithoutBlockedDirectories(Tree source, Tree? destination)
    {
        var directories = source.Entries.Where(e => e.Kind == 'd').Select(e => NameOf(e.Path)).Append("src").ToHashSet();
        foreach (var entry in destination?.Entries.Where(e => e.Kind != 'd' && directories.Contains(NameOf(e.Path))).ToList() ?? [])
            destination!.Remove(entry.Path);
        return destination;
    }

    /// <summary>
    /// rsync gives the time, mode and owner of a directory that -K finds behind a symlink to the symlink, synchop to the directory.
    /// The table has what is equal.
    /// </summary>
    private static Tree? WithoutKeptLinks(Tree source, Tree? destination)
    {
        var directories = source.Entries.Where(e => e.Kind == 'd').Select(e => NameOf(e.Path)).ToHashSet();
        foreach (var entry in destination?.Entries.Where(e => e.Kind == 'l' && directories.Contains(NameOf(e.Path))).ToList() ?? [])
            destination!.Remove(entry.Path);
        return destination;
    }

    private static bool IsTold(List<string> words, char letter, int times) =>
        words.Where(word => word[0] == '-' && !word.StartsWith("--", StringComparison.Ordinal)).Sum(word => word.Count(c => c == letter)) >= times;

    private static bool KeepsModes(List<string> words) =>
        words.FindLastIndex(word => word is "-p" or "-pX" || word == words[0] && (word.Contains('a', StringComparison.Ordinal) || word.Contains('p', StringComparison.Ordinal)))
            > words.LastIndexOf("--no-p");

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private List<string> Options()
    {
        var words = new List<string> { Chance(70) ? "-a" : Pick("-r", "-rl", "-rt", "-rlt", "-rlp", "-rlptgo") };
        for (var count = random.Next(5); count > 0; count--)
            words.Add(Pick(Switches));
        if (Chance(45))
            words.Add(Pick("--delete", "--delete", "--delete-before", "--delete-delay", "--delete-after"));
        // Without one of these most runs would print nothing.
        if (Chance(60))
            words.Add(Pick("-v", "-i", "-iv"));
        if (mode == Mode.Local && Chance(25))
        {
            keepsAttributes = Chance(70);
            keepsLists = !keepsAttributes || Chance(50);
            // Without -p rsync's -X gives what has other attributes the source's permissions.
            if (keepsAttributes) words.Add("-pX");
            if (keepsLists) words.Add("-A");
        }
        // Without a pivot the names are those of the whole path, which in a pull begins at the root.
        if (mode != Mode.Pull && Chance(10))
            words.Add("-R");
        return [.. words.Distinct()];
    }

    /// <summary>Takes out what cannot be compared.</summary>
    private void Exclude(List<string> words)
    {
        // rsync gives a backup's directory the file's directory's mode, which may keep an ordinary user's next backup out of it.
        if (!isRoot)
            words.RemoveAll(word => word.StartsWith("--backup-dir=", StringComparison.Ordinal));
        // Which of two names of one file goes first, and is then missing for the other, is a matter of the moment; and so is what an earlier copy
        // has lost by then.
        if (words.Contains("--remove-source-files"))
            words.RemoveAll(word => word is "-L" or "-k" or "--copy-unsafe-links" || word.Contains("-dest=../src", StringComparison.Ordinal));
        // How often it is shown is a matter of time, which shows where it stands between other lines; without -a there are those of what is passed over.
        if (words[0] != "-a" || words.Any(word => word.StartsWith("-v", StringComparison.Ordinal) || word.StartsWith("-i", StringComparison.Ordinal) || word.Contains("-format=", StringComparison.Ordinal) || word.StartsWith("--no-", StringComparison.Ordinal)))
            words.RemoveAll(word => word == "--info=progress2");
        // What becomes a link to an earlier copy rsync does not back up: its content is lost. Ours is.
        if (words.Any(word => word.StartsWith("--link-dest=", StringComparison.Ordinal)))
            words.RemoveAll(word => word == "-b" || word.StartsWith("--backup-dir=", StringComparison.Ordinal));
        // Changed in place, rsync does not find its own backup outside the destination: it loses time and permissions, and rsync ends with 23 (seed 661).
        if (words.Contains("--inplace"))
            words.RemoveAll(word => word == "--backup-dir=../bk");
        // rsync takes what -y finds for the new file, sees nothing to append to it, and does not make the file (seed 533).
        if (words.Any(word => word.StartsWith("--append", StringComparison.Ordinal)))
            words.RemoveAll(word => word == "-y");
        // An ordinary user's rsync makes writable for him what it is about to delete, and then may not, or keeps as a backup (seed 1485).
        if (!isRoot && words.Any(word => word.StartsWith("--del", StringComparison.Ordinal)))
            words.RemoveAll(word => word == "-b" || word.StartsWith("--max-delete=", StringComparison.Ordinal));
        // Elsewhere synchop's deltas are others than rsync's, and what they save too.
        if (mode != Mode.Local)
            words.RemoveAll(word => word == "--no-W");
        // Which rsync logs when is a matter of the moment.
        if (words.Contains("--log-file=log"))
            words.RemoveAll(word => word.StartsWith("--max-delete=", StringComparison.Ordinal));
        // rsync removes the backups that it has just made, and backs them up.
        if (words.Contains("--delete-after"))
            words.RemoveAll(word => word == "--backup-dir=.bk");
        // It sends the other side's permissions in a pull, and rsync shows them less the umask.
        if (mode == Mode.Pull)
            words.RemoveAll(word => word == "--out-format=%o_%i_%n%L_%l_%B");
        // rsync refuses a name that is missing and would be excluded.
        if (mode == Mode.Pull && words.Any(word => word.Contains("clude", StringComparison.Ordinal) || word.Contains("filter", StringComparison.Ordinal)))
            words.RemoveAll(word => word == "--delete-missing-args");
        // An ordinary user's rsync leaves files for which that fails without their permissions.
        if (!isRoot)
            words.RemoveAll(word => word == "--super" || word.StartsWith("--chown=", StringComparison.Ordinal) || word.Contains("map=", StringComparison.Ordinal));
        // A list has neither progress nor earlier copies; rsync says that they are not there.
        if (words.Contains("--list-only"))
            words.RemoveAll(word => word == "--info=progress2" || word.Contains("-dest=", StringComparison.Ordinal));
        // With --link-dest and the like rsync's first run gives a new directory another list than the source's, and its second mends it; without them it is
        // rare (seed 753).
        if (words.Contains("-A"))
            words.RemoveAll(word => word.Contains("-dest=", StringComparison.Ordinal));
        // rsync's own fault: without -p a new file gets the mode of what it is made from or what it replaces, also when that is another kind of thing.
        if (!KeepsModes(words))
            words.RemoveAll(word => word == "-y" || word.StartsWith("--copy-dest=", StringComparison.Ordinal));
        // -vvv is for those who look into rsync itself. What is said of names that are there twice is for the table.
        if (words.Contains("-ivv"))
            words.RemoveAll(word => word is "-v" or "-iv");
        // Of a push there is nothing to list.
        if (mode == Mode.Push)
            words.RemoveAll(word => word == "--list-only");
    }

    // Of empty directories that are named twice -m leaves parts in rsync's list, depending on where the doubles stand.
    private string[] Sources(Tree source, bool isSingle)
    {
        if (Chance(75))
            return ["src/"];
        if (Chance(40))
            return ["src"];
        // A colon or blank in an argument has a meaning of its own; that is for the table.
        var names = source.Entries.Where(e => e.Path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/'))
            .Select(e => "src/" + e.Path + (e.Kind == 'd' && Chance(30) ? "/" : "")).ToList();
        return names.Count == 0 ? ["src/"] : [.. Enumerable.Range(0, isSingle ? 1 : random.Next(1, 4)).Select(_ => names[random.Next(names.Count)])];
    }

    private bool Chance(int percent) => random.Next(100) < percent;

    private T Pick<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
