using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

// Further options, which do not change what the seed's trees are.
internal sealed partial class RandomCase
{
    private static readonly string[] Rules =
    [
        "--exclude=*.txt", "--exclude=/a*", "--exclude=sub/", "--include=a", "--include=*/", "--exclude=[ab]", "--exclude=lib/**", "--exclude=.*", "--exclude=*",
        "--filter=P_*.b", "--filter=H_?", "--filter=R_a", "--filter=S_b", "--filter=-!_*/", "--filter=-s_a*", "--filter=+r_b", "--filter=!", "--filter=-/_/src/a",
        "--filter=:_.rules", "--filter=:C", "-F", "-FF", "-C", "--filter=dir-merge,-n_.rules", "--exclude-from=src/.rules", "--include-from=src/.rules",
        "--delete-excluded", "--max-size=1k", "--min-size=1", "--max-size=3", "--min-size=300b", "-xx",
    ];

    private static readonly string[] Bases =
    [
        "--link-dest=../src", "--copy-dest=../src", "--compare-dest=../src", "--link-dest=../src/sub", "--copy-dest=../src/lib", "--compare-dest=../src/sub",
        "--link-dest=../nothing", "-b", "-b", "-b --suffix=.b", "--backup-dir=../bk", "--backup-dir=../bk --suffix=.b", "-b -O --backup-dir=.bk",
    ];

    private static readonly string[] Updates =
    [
        "--delay-updates", "--partial-dir=.p", "--append", "--append-verify", "-y", "-P", "--preallocate", "--inplace --partial", "--temp-dir=../tmp", "--bwlimit=9m",
        "--partial --partial-dir=sub", "--no-W", "--ignore-times", "--modify-window=-1", "--stop-after=9",
    ];

    private static readonly string[] Deletions =
    [
        "--delete --max-delete=0", "--delete --max-delete=2", "--delete-after --max-delete=1", "--delete --ignore-errors", "--delete --force", "--delete-during --delete-excluded",
        "--del", "--max-delete=-1", "--delete-delay --ignore-errors",
    ];

    private static readonly string[] Attributes =
    [
        "--chown=5:6", "--chown=:7", "--groupmap=*:9", "--groupmap=2222:5,*:6", "--usermap=1111-3333:7", "--super", "--chmod=ug=rwX,o=", "--chmod=a-x,D+x", "-p", "-E", "-t", "-OJ",
        "--numeric-ids --chown=1111:2222", "--devices", "--no-specials", "--no-devices",
    ];

    private static readonly string[] Told =
    [
        "-ivv", "--stats -h", "--stats -hh", "--stats --no-h", "-8", "--out-format=%o_%i_%n%L_%l_%B", "--out-format=%f|%M|%U|%G|%'l", "--out-format=%C|%n", "--log-file=log --log-file-format=%i_%n",
        "--progress", "--info=progress2", "--info=stats2,flist", "-i --info=name2,del", "--info=misc2,skip", "--info=backup,remove", "--info=symsafe,nonreg0", "--msgs2stderr", "-ivv -n", "--no-v",
        "-c --cc=xxh3", "-c --cc=xxh64", "-c --cc=sha1", "--outbuf=L", "--list-only",
    ];

    private static readonly string[] RuleLines =
        ["- a", "+ b", "- *.txt", "P a*", "- sub/", "R *", "!", "# x", "+ */", "- .*", "H lib", "-! a*", "- /x.txt"];

    /// <summary>Adds options of which each seed has some; most seeds keep those they have.</summary>
    private void Widen(List<string> words)
    {
        Add(35, Rules, 3);
        Add(25, Bases, 2);
        Add(15, Updates, 2);
        Add(12, Deletions, 1);
        Add(12, Attributes, 2);
        Add(15, Told, 2);
        if (Chance(7))
            words[0] = Pick("-d", "-dlt", "-lptgod", "-dlti");

        void Add(int percent, string[] choices, int most)
        {
            if (!Chance(percent)) return;
            for (var count = random.Next(1, most + 1); count > 0; count--)
                words.AddRange(Pick(choices).Split(' '));
        }
    }

    /// <summary>Gives files of the source further names, and most of them to the destination as well.</summary>
    private void AddNames(Tree source, Tree? destination, List<string> words)
    {
        if (Chance(75)) words.Add("-H");
        var files = source.Entries.Where(e => e.Kind == 'f' || (e.Kind is 'l' or 'p' && Chance(20))).ToList();
        var parents = source.Entries.Where(e => e.Kind == 'd').Select(e => e.Path + "/").Append("").ToList();
        for (var count = files.Count == 0 ? 0 : random.Next(1, 5); count > 0; count--)
        {
            var file = Pick(files);
            var path = Pick(parents) + Pick(NamePool);
            if (source.Find(path) is not null || path.Length > 2000) continue;
            source.Add(new TreeEntry(path, 'h') { Text = file.Path });
            if (destination is null || Chance(30) || destination.Find(path) is not null || !HasParent(destination, path)) continue;
            if (destination.Find(file.Path) is { Kind: not ('d' or 'h') } && Chance(70)) destination.Add(new TreeEntry(path, 'h') { Text = file.Path });
            else destination.Add(Chance(60) ? file with { Path = path } : Content(file with { Path = path, Kind = 'f' }));
        }
    }

    private static bool HasParent(Tree tree, string path) =>
        path.LastIndexOf('/') is var slash && (slash < 0 || tree.Find(path[..slash]) is { Kind: 'd' });

    private static bool IsWithin(string path, string above) => path == above || path.StartsWith(above.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>
    /// A list for --files-from, in a file of the source: names are one to a line and no comments. What is named twice, as itself and on the way to
    /// something else, is counted twice: that is for the table.
    /// </summary>
    private void AddList(Tree source)
    {
        var paths = source.Entries.Where(e => e.Path[0] is not ('#' or ';') && !e.Path.Contains('\n', StringComparison.Ordinal)).Select(e => e.Path).Append("nothing").ToList();
        var lines = new List<string>();
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            var path = Pick(paths);
            if (!lines.Exists(line => IsWithin(line.TrimEnd('/'), path) || IsWithin(path, line.TrimEnd('/')))) lines.Add(path + (Chance(20) ? "/" : ""));
        }
        source.Add(new TreeEntry("names.lst", 'f') { Text = string.Join('\n', lines) + "\n" });
    }

    /// <summary>Arguments of other forms: a list in a file, paths that are kept, names that are missing.</summary>
    private string[] WidenSources(string[] sources, Tree source, List<string> words)
    {
        if (Chance(8))
        {
            AddList(source);
            words.Add("--files-from=src/names.lst");
            if (Chance(20)) words.Add(Pick("--no-R", "--no-implied-dirs", "-r", "--ignore-missing-args", "--delete-missing-args"));
            return ["src/"];
        }
        if (Chance(8))
        {
            sources = [.. sources, "src/nothing"];
            if (Chance(70)) words.Add(Pick("--ignore-missing-args", "--delete-missing-args"));
        }
        if (!words.Contains("-R") && Chance(10)) words.Add("-R");
        if (words.Contains("-R"))
        {
            // What is there twice is in rsync's list twice, with all that is below it, and so is counted: that is for the table, too.
            if (sources.Where((name, i) => sources.Where((other, j) => i != j && IsWithin(name, other)).Any()).Any()) sources = sources[..1];
            if (Chance(25)) words.Add("--no-implied-dirs");
            // Without a pivot the names are those of the whole path, which in a pull begins at the root.
            sources = mode == Mode.Pull ? [.. sources.Select(name => "./" + name)]
                : [.. sources.Select(name => name.StartsWith("src/", StringComparison.Ordinal) && Chance(50) ? "src/./" + name[4..] : name)];
        }
        return sources;
    }

    /// <summary>Files of rules for -F, -C and merge rules.</summary>
    private void AddRules(Tree source, List<string> words)
    {
        if (words.Any(word => word.Contains(".rules", StringComparison.Ordinal)))
            AddFile(".rules");
        if (words.Any(word => word.StartsWith("-F", StringComparison.Ordinal)))
            AddFile(".rsync-filter");
        if (words.Contains("-C") || words.Contains("--filter=:C"))
            source.Add(new TreeEntry(Directory() + ".cvsignore", 'f') { Text = Pick("a b", "*.txt\n.x*", "sub !") + "\n" });

        void AddFile(string name)
        {
            for (var count = random.Next(1, 3); count > 0; count--)
                source.Add(new TreeEntry(Directory() + name, 'f') { Text = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(RuleLines) + "\n")) });
        }

        string Directory() => Chance(50) ? "" : Pick(source.Entries.Where(e => e.Kind == 'd').Select(e => e.Path + "/").Append("").ToList());
    }
}
