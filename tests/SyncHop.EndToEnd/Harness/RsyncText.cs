using System.Text.RegularExpressions;

namespace SyncHop.EndToEnd.Harness;

/// <summary>
/// rsync's standard output, made comparable. Only figures that say how many bytes or seconds the protocol took are
/// blanked. With deletions rsync prints two streams whose merge is a race from run to run while each of them is
/// deterministic: what the generator says (<see cref="Messages"/>) and the names (<see cref="Names"/>). What holds in
/// every run: a message about something in a directory comes before the directory's own line and before the names in it.
/// </summary>
internal sealed partial class RsyncText
{
    private readonly string? disorder;

    // -vv --remove-source-files, --backup: they come when the receiver confirms, wherever the names are by then; and so does the total of deltas
    // where removals come last.
    private readonly SortedSet<string> removals = new(StringComparer.Ordinal);

    public RsyncText(string stdout, string folder, Mode mode)
    {
        var text = stdout.Replace(folder, "ROOT", StringComparison.Ordinal);
        text = Superseded().Replace(text, "");
        text = SignatureData().Replace(text, "");
        text = Rate().Replace(text, " RATE TIME");
        text = Figures().Replace(text, m => Number().Replace(m.Value, "N"));
        text = HeapStatistics().Replace(text, "");
        text = Speedup().Replace(text, "speedup is N");
        text = Connection().Replace(text, "");
        text = SaidTwice().Replace(text, "${kept}${kept}");
        Decisions = [.. FilterDecision().Matches(text).Select(match => Comparable(match, mode)).OfType<string>().Order(StringComparer.Ordinal)];
        Whole = WholeList().Replace(FilterDecision().Replace(text, ""), "$1 file list ... done");

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in Whole.Split('\n'))
        {
            if (line.StartsWith("sender removed ", StringComparison.Ordinal) || line.StartsWith("sender file already removed: ", StringComparison.Ordinal) || line.StartsWith("backed up ", StringComparison.Ordinal)
                || (line.StartsWith("total: matches=", StringComparison.Ordinal) && DelayedDeletions().IsMatch(Whole)))
            {
                removals.Add(line);
                continue;
            }
            var message = Message().Match(line);
            if (!message.Success)
            {
                Names.Add(line);
                AddPrefixes(seen, Itemized().Replace(line, ""));
                continue;
            }
            Messages.Add(line);
            // Said in the place of the directory itself, which has no names.
            if (line.StartsWith("not creating new directory ", StringComparison.Ordinal)) continue;
            var subject = message.Groups["name"].Value;
            var slash = subject.TrimEnd('/').LastIndexOf('/');
            var parent = slash < 0 ? "./" : subject[..(slash + 1)];
            if (subject.Length > 0 && seen.Contains(parent))
                disorder ??= $"\"{line}\" comes after names in {parent}";
        }
    }

    /// <summary>A log file's text, without the time and the process that stand before each line, and without the lines of <paramref name="stderr"/>.</summary>
    public static RsyncText OfLog(string log, string folder, string stderr)
    {
        var text = Ending().Replace(Stamp().Replace(log, ""), "");
        var complaints = stderr.Split('\n').Where(line => line.Length > 0).ToHashSet(StringComparer.Ordinal);
        text = string.Join('\n', text.Split('\n').Where(line => !complaints.Contains(line)));
        return new(Hops().Replace(text.Replace("synchop: ", "rsync: ", StringComparison.Ordinal), ""), folder, Mode.Push);
    }

    [GeneratedRegex(@"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[\d+\] ", RegexOptions.Multiline)]
    private static partial Regex Stamp();

    // What is on standard error is in the log too: hops with -vv, what SFTP cannot sum, and directories that are not there.
    [GeneratedRegex(@"^(hop \d|rsync: --(compress|checksum): |--(link|copy|compare)-dest arg ).*\n", RegexOptions.Multiline)]
    private static partial Regex Hops();

    // The same but for the place in the program.
    [GeneratedRegex(@"^(synchop|rsync) (error|warning): .*\n", RegexOptions.Multiline)]
    private static partial Regex Ending();

    /// <summary>The files that rsync sent twice, since what it appended to was something else: when it does so the second time, and whether their time is
    /// right by then, is a matter of the moment.</summary>
    public static List<string> Redone(string stderr) => [.. SentTwice().Matches(stderr).Select(match => match.Groups["name"].Value)];

    /// <summary>A text less the lines in which one of the names is.</summary>
    public static string Without(List<string> names, string text) =>
        string.Join('\n', text.Split('\n').Where(line => !names.Exists(name => line.Contains(name, StringComparison.Ordinal))));

    [GeneratedRegex(@"^WARNING: (?<name>.*) failed verification -- update (retained|put into partial-dir|discarded) \(will try again\)\.$", RegexOptions.Multiline)]
    private static partial Regex SentTwice();

    /// <summary>All lines, as they came.</summary>
    public string Whole { get; }

    /// <summary>-vv: which filter rule decided about what, sorted: rsync says it in the order in which the file system lists.</summary>
    public List<string> Decisions { get; }

    public List<string> Messages { get; } = [];

    public List<string> Names { get; } = [];

    /// <summary>Null when both say the same in an order that rsync may print, otherwise what is wrong.</summary>
    public static string? Difference(RsyncText expected, RsyncText actual)
    {
        if (!expected.Decisions.SequenceEqual(actual.Decisions))
            return "the filter decisions differ";
        if (!expected.removals.SetEquals(actual.removals))
            return "the removals from the source differ";
        if (expected.removals.Count == 0 && (expected.Messages.Count == 0 || actual.Messages.Count == 0))
            return expected.Whole == actual.Whole ? null : "the texts differ";
        if (!expected.Messages.SequenceEqual(actual.Messages))
            return "the messages differ";
        if (!expected.Names.SequenceEqual(actual.Names))
            return "the names differ";
        // With --delete-delay and --delete-after the removals come last.
        return expected.disorder is null ? actual.disorder : null;
    }

    // The other side has its rules over the wire and does not know that they come from a file or from -C. In a pull rsync
    // also checks that the sender hid what it was told to hide, and says again what is shown.
    private static string? Comparable(Match decision, Mode mode)
    {
        if (mode == Mode.Pull && decision.Value.StartsWith("[generator] risking ", StringComparison.Ordinal))
            return null;
        return mode == Mode.Local || !decision.Value.Contains(" because of ", StringComparison.Ordinal) ? decision.Value : decision.Value[..decision.Value.LastIndexOf(" because of ", StringComparison.Ordinal)];
    }

    // Every directory that a name line proves to have been entered.
    private static void AddPrefixes(HashSet<string> seen, string line)
    {
        for (var slash = line.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = line.IndexOf('/', slash + 1))
            seen.Add(line[..(slash + 1)]);
    }

    [GeneratedRegex(@"^(\*?deleting |deleting in )", RegexOptions.Multiline)]
    private static partial Regex DelayedDeletions();

    // --progress: what is overwritten, which depends on the time, and how fast it was.
    [GeneratedRegex(@"\r[^\r\n]*(?=\r)")]
    private static partial Regex Superseded();

    // --stats: what synchop keeps on the server beside the files.
    [GeneratedRegex(@"^Signature data: .*\n", RegexOptions.Multiline)]
    private static partial Regex SignatureData();

    // With --progress rsync counts a whole list while it is made; and what the sender says meanwhile comes into the line.
    [GeneratedRegex(@"^(building|receiving) file list \.\.\. \n?(done|( \d+ files\.\.\.\r)*\d+ files? to consider)$", RegexOptions.Multiline)]
    private static partial Regex WholeList();

    [GeneratedRegex(@" +[\d.]+[kMG]B/s +\d+:\d\d:\d\d")]
    private static partial Regex Rate();

    [GeneratedRegex(@"^(sent .* bytes  received .* bytes  (.* bytes/sec|total size .*)"
        + @"|File list size: .*|File list generation time: .*|File list transfer time: .*"
        + @"|Total bytes sent: .*|Total bytes received: .*)$", RegexOptions.Multiline)]
    private static partial Regex Figures();

    [GeneratedRegex(@"\d[\d,]*(\.\d+)?[KMGTP]?")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=^total size is \S+  )speedup is [\d,]+\.\d\d", RegexOptions.Multiline)]
    private static partial Regex Speedup();

    // -vv: how rsync starts its remote shell
    [GeneratedRegex(@"^opening connection using: .*\n", RegexOptions.Multiline)]
    private static partial Regex Connection();

    // -vv --stats: the state of rsync's own allocator
    [GeneratedRegex(@"^\nrsync\[\d+\] .*heap statistics:\n(  .*\n)+", RegexOptions.Multiline)]
    private static partial Regex HeapStatistics();

    // Also of symlinks that are followed.
    [GeneratedRegex(@"^(\[(sender|generator|receiver)\] (hiding|showing|protecting|risking) |copying unsafe symlink ).*\n", RegexOptions.Multiline)]
    private static partial Regex FilterDecision();

    // Below a directory that stays rsync says twice of another that it stays, but in a dry run the second time that it goes.
    [GeneratedRegex(@"(?<kept>^cannot delete non-empty directory: (?<name>.*)\n)\*?deleting +\k<name>/\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex SaidTwice();

    [GeneratedRegex(@"^[.<>ch*][.fdLDS][.+?cstpoguaxbn ]{9}[ _]")]
    private static partial Regex Itemized();

    [GeneratedRegex("^(\\*?deleting +(?<name>.*)|cannot delete non-empty directory: (?<name>.*)"
        + "|skipping non-regular file \"(?<name>.*)\"|(?<name>.*) (is uptodate|is newer|is over max-size|is under min-size|exists( \\(.*\\))?)|not creating new \\w+ \"(?<name>.*)\""
        + "|ignoring unsafe symlink \"(?<name>.*)\" -> \".*\"|IO error encountered -- skipping file deletion)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Message();
}
