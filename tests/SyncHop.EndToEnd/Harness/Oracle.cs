using System.Text;

namespace SyncHop.EndToEnd.Harness;

/// <summary>Which side is reached through the chain of hops.</summary>
public enum Mode
{
    Local,
    Push,
    Pull,

    /// <summary>Both: from one remote host to another. rsync cannot; what it does in a push is right.</summary>
    Remote,
}

/// <summary>
/// One comparison. Sources and destination are names below the case's folder, which holds the trees src and dst;
/// a destination of null is left out (--list-only).
/// </summary>
internal sealed record OracleCase(string Name, string Options, Tree Source, Tree? Destination)
{
    public IReadOnlyList<string> Sources { get; init; } = ["src/"];

    public string? Target { get; init; } = "dst/";

    /// <summary>How many times the programs run one after the other on the same trees.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>Whether nothing more is compared when both end with 11, which leaves the rest undone: who had done what by then is a matter of the moment.</summary>
    public bool StopsAnywhere { get; init; }

    /// <summary>Is told what rsync printed once synchop was found to do the same.</summary>
    public Action<string>? Agreed { get; init; }
}

/// <summary>
/// Real rsync tells what is right. The same trees are made twice; rsync works on one pair and synchop on the other;
/// then exit code, standard output and all four trees must be what rsync made of them.
/// </summary>
internal sealed class Oracle(Lab lab)
{
    private const string Chain = "gw,target";
    private const int StoppedByFileIo = 11;

    public void Check(OracleCase test, Mode mode, uint user)
    {
        var folder = lab.NewFolder(user);
        try
        {
            Check(test, mode, user, folder);
        }
        finally
        {
            Lab.Remove(folder);
        }
    }

    /// <summary>With -vv every hop has a line there and with -vvv every event of SSH.NET's; anything else is a complaint.</summary>
    private static bool HasMessages(string stderr) =>
        stderr.Split('\n').Any(line => line.Length > 0 && !line.StartsWith("hop ", StringComparison.Ordinal)
            && !System.Text.RegularExpressions.Regex.IsMatch(line, @"^\S+@\S+: [A-Z]\w+: ")
            && !line.StartsWith("synchop: --compress: ", StringComparison.Ordinal)
            && !line.StartsWith("synchop: --preallocate: ", StringComparison.Ordinal)
            && !line.StartsWith("synchop: --checksum: ", StringComparison.Ordinal));

    private void Check(OracleCase test, Mode mode, uint user, string folder)
    {
        foreach (var entry in test.Source.Entries.Concat(test.Destination?.Entries ?? []))
        {
            foreach (var attribute in entry.Extended)
                Assert.SkipUnless(attribute.CanBeSetIn(folder), $"{attribute.Name} cannot be set here");
        }
        var expected = Prepare(test, user, folder + "/rsync");
        var actual = Prepare(test, user, folder + "/hop");
        for (var run = 1; run <= test.Runs; run++)
        {
            // The last run gave the source's directories the time of that moment: whether this one changes their counterparts in the same
            // second must not be a matter of chance.
            if (run > 1 && test.Options.Contains("--remove-source-files", StringComparison.Ordinal)) Thread.Sleep(TimeSpan.FromSeconds(1.1));
            var rsync = RunRsync(new Command(expected, "/nonexistent", user, RsyncWords(test, mode, expected)));
            var hop = lab.Synchop(actual, user, [.. Options(test, actual), .. Ends(test, mode, Chain, Chain, actual)]).Run();

            if (test.StopsAnywhere && rsync.ExitCode == StoppedByFileIo && hop.ExitCode == StoppedByFileIo) return;
            string told = rsync.Stdout, said = hop.Stdout;
            if (RsyncText.Redone(rsync.Stderr) is { Count: > 0 } redone) (told, said) = (RsyncText.Without(redone, told), RsyncText.Without(redone, said));
            var wanted = new RsyncText(mode == Mode.Local ? told : WithoutDelta(told), expected, mode);
            var found = new RsyncText(mode == Mode.Local ? said : WithoutDelta(said), actual, mode);
            var faults = new List<string?>
            {
                rsync.ExitCode == hop.ExitCode ? null : $"exit code {hop.ExitCode} instead of {rsync.ExitCode}",
                RsyncText.Difference(wanted, found),
                Named("log", mode == Mode.Local ? LogDifference(expected, actual, "", "") : LogDifference(expected, actual, rsync.Stderr, hop.Stderr)),
                hop.ExitCode == 0 && rsync.Stderr.Length == 0 && HasMessages(hop.Stderr) ? "standard error is not empty" : null,
                Named("destination", Snapshot.Difference(
                    Snapshot.Take(expected + "/dst", lab.Started).WithoutDirectoryModes(".bk"), Snapshot.Take(actual + "/dst", lab.Started).WithoutDirectoryModes(".bk"))),
                Named("backups", Snapshot.Difference(
                    Snapshot.Take(expected + "/bk", lab.Started).WithoutDirectoryModes(), Snapshot.Take(actual + "/bk", lab.Started).WithoutDirectoryModes())),
                Named("source", Snapshot.Difference(Snapshot.Take(expected + "/src", lab.Started), Snapshot.Take(actual + "/src", lab.Started))),
            };
            faults.RemoveAll(fault => fault is null);
            if (faults.Count > 0)
                Assert.Fail(Report(test, mode, run, faults, rsync, hop, wanted, found));
            test.Agreed?.Invoke(rsync.Stdout);
        }
    }

    private static Outcome RunRsync(Command rsync)
    {
        try
        {
            return rsync.Run();
        }
        catch (TimeoutException hang)
        {
            throw new TimeoutException($"rsync itself: {hang.Message}", hang);
        }
    }

    // --log-file=log. What the other side complains of rsync does not log.
    private static string? LogDifference(string expected, string actual, string expectedStderr, string actualStderr)
    {
        string? wanted = ReadLog(expected), found = ReadLog(actual);
        if (wanted is null || found is null) return (wanted is null) == (found is null) ? null : "only one has a log";
        var difference = RsyncText.Difference(
            RsyncText.OfLog(WithoutDelta(wanted), expected, expectedStderr), RsyncText.OfLog(WithoutDelta(found), actual, actualStderr));
        return difference is null ? null : $"{difference}\n{wanted}--- synchop\n{found}";
    }

    private static string? ReadLog(string folder) =>
        File.Exists(folder + "/log") ? File.ReadAllText(folder + "/log", Encoding.Latin1) : null;

    // Files that are too small for it are sent whole, as rsync does here; -vv says that larger ones would not be.
    private static string WithoutDelta(string stdout) => stdout.Replace(
        "delta-transmission enabled\n", "delta-transmission disabled for local transfer or --whole-file\n", StringComparison.Ordinal);

    private static string? Named(string what, string? difference) => difference is null ? null : $"{what}:\n{difference}";

    private static string Prepare(OracleCase test, uint user, string folder)
    {
        Libc.MakeDirectory(folder);
        test.Source.Build(folder + "/src", user, user == Libc.UserId ? Libc.GroupId : user);
        test.Destination?.Build(folder + "/dst", user, user == Libc.UserId ? Libc.GroupId : user);
        if (Libc.UserId == 0)
            Libc.SetOwner(folder, user, user);
        return folder;
    }

    // {folder} is where both trees are, for options that name a path on another host; {other} is on another file system.
    private string[] Options(OracleCase test, string folder) =>
        test.Options.Replace("{folder}", folder, StringComparison.Ordinal).Replace("{other}", lab.OtherFileSystem, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private List<string> RsyncWords(OracleCase test, Mode mode, string folder)
    {
        List<string> words = ["rsync"];
        // The trees' files are too small for a delta of ours.
        if (mode != Mode.Local)
        {
            words.AddRange(["-e", lab.FakeShell]);
            if (!test.Options.Contains("--append", StringComparison.Ordinal))
                words.Add("--whole-file");
        }
        return [.. words, .. Options(test, folder), .. Ends(test, mode, mode == Mode.Remote ? null : "host", "host", folder)];
    }

    // Local names are relative; remote ones absolute, since rsync's stand-in for a remote host has no home of its own. Without a source host
    // (rsync between remote hosts) the sources are here, by the same names.
    private static List<string> Ends(OracleCase test, Mode mode, string? sourceHost, string host, string folder)
    {
        var words = new List<string>();
        foreach (var source in test.Sources)
        {
            // rsync's form for more sources from the same host: ":name"
            words.Add(mode is Mode.Local or Mode.Push ? source : sourceHost is null ? $"{folder}/{source}" : (words.Count == 0 ? sourceHost : "") + $":{folder}/{source}");
        }
        if (test.Target is { } target)
            words.Add(mode is Mode.Local or Mode.Pull ? target : $"{host}:{folder}/{target}");
        return words;
    }

    private static string Report(OracleCase test, Mode mode, int run, List<string?> faults, Outcome rsync, Outcome hop,
        RsyncText wanted, RsyncText found)
    {
        var text = new StringBuilder();
        text.Append("case \"").Append(test.Name).Append("\", ").Append(mode).Append(", run ").Append(run).Append('\n');
        foreach (var fault in faults)
            text.Append("* ").Append(fault).Append('\n');
        text.Append("source: ").Append(test.Source).Append("\ndestination: ").Append(test.Destination?.ToString() ?? "none").Append('\n');
        text.Append("===== rsync: ").Append(rsync.Line).Append(" (").Append(rsync.ExitCode).Append(")\n")
            .Append(ByteString.Show(wanted.Whole)).Append("--- stderr\n").Append(ByteString.Show(rsync.Stderr));
        text.Append("===== synchop: ").Append(hop.Line).Append(" (").Append(hop.ExitCode).Append(")\n")
            .Append(ByteString.Show(found.Whole)).Append("--- stderr\n").Append(ByteString.Show(hop.Stderr));
        return text.ToString();
    }
}
