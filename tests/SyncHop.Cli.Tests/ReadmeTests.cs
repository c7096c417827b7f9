using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using SyncHop.Cli.Options;
using SyncHop.Engine;
using Xunit;

namespace SyncHop.Cli.Tests;

/// <summary>
/// The README's table of rsync's options is made from the option definitions, and these have every option that rsync has.
/// <c>SYNCHOP_UPDATE_README=1</c> writes the table anew.
/// </summary>
public partial class ReadmeTests
{
    private const string Begin = "<!-- options: made from the option definitions; SYNCHOP_UPDATE_README=1 with SyncHop.Cli.Tests writes it -->\n";
    private const string End = "<!-- end of options -->\n";

    /// <summary>rsync's options that are still to come; the README says so of those that the table does not have.</summary>
    private static readonly string[] Coming =
        """
        --acls --append --append-verify --backup --backup-dir --bwlimit --compare-dest --copy-dest --copy-devices --copy-dirlinks --copy-links
        --copy-unsafe-links --cvs-exclude --delay-updates --delete-excluded --exclude --exclude-from --filter --from0 --fsync
        --fuzzy --hard-links --include --include-from --keep-dirlinks --link-dest --max-size --min-size --mkpath --munge-links
        --partial --partial-dir --preallocate --safe-links --sparse
        --stop-after --stop-at --suffix --temp-dir --write-devices --xattrs -0 -A -C -F -H -K -L -P -S -T -X -b -f -k -y
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void The_table_of_options_is_that_of_the_definitions()
    {
        string path = Path.Combine(Root(), "README.md");
        string text = File.ReadAllText(path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end >= begin, "the README's marks for the table are not there");
        if (Environment.GetEnvironmentVariable("SYNCHOP_UPDATE_README") == "1")
            File.WriteAllText(path, text[..begin] + Table() + text[end..]);
        else
            Assert.True(Table() == text[begin..end], "the README's table of options is not up to date: run this with SYNCHOP_UPDATE_README=1");
    }

    [Fact]
    public void Every_option_of_rsyncs_help_is_there()
    {
        string? help = RsyncHelp();
        Assert.SkipWhen(help is null, "rsync is not installed");
        List<string> options = [];
        foreach (Match line in HelpLine().Matches(help))
            options.AddRange(OptionName().Matches(line.Groups["names"].Value).Select(name => name.Value));
        Assert.True(options.Count > 150, "rsync's help was not understood");
        Assert.Empty(options.Where(name => name != "--no-OPTION" && !OptionTable.ByName.ContainsKey(name)).Except(Coming));
    }

    [Fact]
    public void What_is_refused_or_limited_says_why() => Assert.All(
        OptionTable.All,
        option => Assert.Equal(option.Support.Kind is SupportKind.Same or SupportKind.Own, option.Support.Note.Length == 0));

    [Fact]
    public void Every_exit_code_has_its_meaning_and_a_remedy_in_the_README_and_stands_in_the_man_page()
    {
        string text = File.ReadAllText(Path.Combine(Root(), "README.md"));
        int begin = text.IndexOf("## When something goes wrong\n", StringComparison.Ordinal), end = text.IndexOf("\n## ", begin + 1, StringComparison.Ordinal);
        string[][] rows = [.. text[begin..end].Split('\n').Where(line => ExitCodeRow().IsMatch(line)).Select(line => line.Trim('|').Split(" | "))];
        Assert.All(rows, row => Assert.True(row.Length == 3 && row.All(cell => cell.Trim().Length > 0), string.Join('|', row)));
        int[] codes = [.. Enum.GetValues<ExitCode>().Select(code => (int)code)];
        Assert.Equal(codes, rows.Select(row => int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture)));
        string manual = File.ReadAllText(Path.Combine(Root(), "src/SyncHop.Packaging/Manual/synchop.1.in"));
        Assert.All(codes, code => Assert.Contains($"\n.B {code}\n", manual, StringComparison.Ordinal));
    }

    [GeneratedRegex("^\\| [0-9]+ \\| ")]
    private static partial Regex ExitCodeRow();

    private static string Table()
    {
        StringBuilder table = new("| rsync's option | in synchop |\n|---|---|\n");
        IEnumerable<string> same = OptionTable.All.Where(option => option.Support.Kind == SupportKind.Same).Select(Names);
        table.Append("| ").AppendJoin(", ", same).Append(" | the same |\n");
        foreach (SupportKind kind in new[] { SupportKind.Limited, SupportKind.Unneeded, SupportKind.Refused })
        {
            IEnumerable<IGrouping<string, OptionDefinition>> byNote = OptionTable.All
                .Where(option => option.Support.Kind == kind).GroupBy(option => option.Support.Note);
            foreach (IGrouping<string, OptionDefinition> options in byNote)
                table.Append("| ").AppendJoin(", ", options.Select(Names)).Append($" | {What(kind)}: {options.Key} |\n");
        }

        string[] coming = [.. Coming.Where(name => !OptionTable.ByName.ContainsKey(name)).Select(name => $"`{name}`")];
        if (coming.Length > 0) table.Append("| ").AppendJoin(", ", coming).Append(" | an unknown option so far |\n");
        IEnumerable<string> own = OptionTable.All.Where(option => option.Support.Kind == SupportKind.Own).Select(Names);
        return table.Append("\nsynchop's own options: ").AppendJoin(", ", own).Append(".\n").ToString();
    }

    private static string What(SupportKind kind) => kind switch
    {
        SupportKind.Limited => "the same, with a limit",
        SupportKind.Unneeded => "taken, without effect",
        _ => "refused",
    };

    private static string Names(OptionDefinition option) => string.Join(' ', option.Names.Reverse().Select(name => $"`{name}`"));

    private static string? RsyncHelp()
    {
        try
        {
            using Process rsync = Process.Start(new ProcessStartInfo("rsync", ["--help"]) { RedirectStandardOutput = true })!;
            return rsync.StandardOutput.ReadToEnd();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SyncHop.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    // "--verbose, -v            increase verbosity"
    [GeneratedRegex(@"^(?<names>-\S+(, -\S+)*)  ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"(?<=^|, )-[^\s=,]+")]
    private static partial Regex OptionName();
}
