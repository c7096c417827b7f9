using System.Text.RegularExpressions;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>
/// Random rules over random trees, decided by rsync and by synchop, at least 10,000 times. SYNCHOP_FILTER_SEEDS is the number of
/// trees and sets of rules, or a range of their seeds (20-29).
/// </summary>
public sealed partial class FilterPropertyTests(Lab lab)
{
    private const int Entries = 1500, Enough = 10_000;

    [Fact]
    public void Ten_thousand_decisions_are_those_of_rsync()
    {
        var wanted = Environment.GetEnvironmentVariable("SYNCHOP_FILTER_SEEDS")?.Split('-');
        var first = wanted?.Length == 2 ? int.Parse(wanted[0]) : 0;
        var last = wanted is null ? 19 : int.Parse(wanted[^1]) - (wanted.Length == 2 ? 0 : 1);
        var decisions = 0;
        for (var seed = first; seed <= last; seed++)
        {
            var test = new RandomRules(seed).Case();
            new Oracle(lab).Check(test with { Agreed = stdout => decisions += Judged(test, stdout) }, Mode.Local, Libc.UserId);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{decisions} decisions");
        Assert.True(wanted is not null || decisions >= Enough, $"only {decisions} decisions");
    }

    /// <summary>
    /// How many entries the rules were asked about: in the source all in directories that are not hidden, and, if there are deletions, in the
    /// destination all in directories that the transfer has.
    /// </summary>
    private static int Judged(OracleCase test, string stdout)
    {
        var top = test.Sources[0].EndsWith('/') ? "" : test.Sources[0] + "/";
        var hidden = HiddenDirectory().Matches(stdout).Select(match => match.Groups["name"].Value).ToHashSet();
        if (hidden.Contains(test.Sources[0])) return 1;
        var shown = new HashSet<string> { "" };
        var judged = 0;
        // Parents come before what is in them.
        foreach (var entry in test.Source.Entries)
        {
            if (!shown.Contains(Parent(entry.Path))) continue;
            judged++;
            if (entry.Kind == 'd' && !hidden.Contains(top + entry.Path)) shown.Add(entry.Path);
        }
        if (top.Length == 0 && test.Options.Contains("--delete", StringComparison.Ordinal))
            judged += test.Destination!.Entries.Count(entry => shown.Contains(Parent(entry.Path)));
        return judged;
    }

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    [GeneratedRegex(@"^\[sender\] hiding directory (?<name>.*) because of ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex HiddenDirectory();

    private sealed class RandomRules(int seed)
    {
        // rsync takes the name of a per-directory file's directory for a pattern; directories therefore have plain names. No
        // file has the name of a directory: what is in the way of something else is for the table.
        private static readonly string[] Directories = ["a", "b", "foo", "bar", ".d", "foo.bar", "CVS", "x-y", "Z", "sub"];

        private static readonly string[] Files =
            ["aa", "ab", "fo", "barb", "a.o", "x.txt", ".h", "[a]", "a\\b", "*", ByteString.Of("é"), "core", "a-b", "bar.foo", "ZZ", "tags", "0", "]", "ab~"];

        private static readonly string[] Parts =
        [
            "a", "b", "foo", "bar", "o", "x", ".", "txt", "\\", "[", "]", "*", "*", "**", "***", "?", "/", "/", "[a-f]", "[!a]", "[^b]",
            "[[:alpha:]]", "[[:digit:][:upper:]]", "\\*", "\\[", "[]x]", "[a\\]]", "[:x", ByteString.Of("é"), "h",
        ];

        private readonly Random random = new(seed);

        public OracleCase Case()
        {
            var merges = Chance(60);
            var options = new List<string> { Chance(50) ? "-nrvv" : "-rvv" };
            if (Chance(70)) options.Add("--delete");
            if (Chance(15)) options.Add("--delete-excluded");
            if (Chance(15)) options.Add("-C");
            for (var count = random.Next(1, 7); count > 0; count--)
                options.Add(Chance(70) ? $"-f {Rule(merges)}" : (Chance(50) ? "--exclude=" : "--include=") + Pattern());
            return new OracleCase($"filter seed {seed}", string.Join(' ', options), Tree(merges), Tree(merges)) { Sources = [Chance(70) ? "src/" : "src"] };
        }

        private Tree Tree(bool merges)
        {
            var tree = new Tree();
            var parents = new List<string> { "" };
            for (var count = 0; count < Entries; count++)
            {
                var parent = parents[random.Next(parents.Count)];
                var isDirectory = Chance(30);
                var path = parent + Pick(isDirectory ? Directories : Files);
                if (tree.Find(path) is not null || parent.Length > 60)
                    continue;
                tree.Add(new TreeEntry(path, isDirectory ? 'd' : 'f'));
                if (!isDirectory)
                    continue;
                parents.Add(path + "/");
                if (merges && Chance(15))
                    tree.Add(new TreeEntry(path + "/.f", 'f') { Text = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Rule(merges: false) + "\n")) });
                if (merges && Chance(10))
                    tree.Add(new TreeEntry(path + "/.cvsignore", 'f') { Text = Chance(20) ? "! " + Pattern() : Pattern() + "\n" + Pattern() });
            }
            return tree;
        }

        private string Rule(bool merges) => random.Next(20) switch
        {
            0 => Pick("!", "clear"),
            < 8 => Pick("-", "+", "exclude", "include") + "_" + Pattern(),
            < 11 => Pick("-", "+") + Pick("!", "s", "r", "p", "!r", "sp") + "_" + Pattern(),
            < 15 => Pick("H", "S", "P", "R", "hide", "show", "protect", "risk") + "_" + Pattern(),
            15 => "-C",
            < 19 when merges => Pick(":_.f", ":e_.f", ":n_.f", ":-_.f", ":C", ":s_.f", ":+_.f", ":p_.f", ":_/.f"),
            _ => "-_" + Pattern(),
        };

        private string Pattern()
        {
            var pattern = Chance(40)
                ? (Chance(30) ? Pick(Directories) + "/" : "") + Pick(Files)
                : string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pick(Parts)));
            return (Chance(20) ? "/" : "") + pattern + (Chance(20) ? "/" : "") + (Chance(10) ? "***" : "");
        }

        private bool Chance(int percent) => random.Next(100) < percent;

        private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
    }
}
