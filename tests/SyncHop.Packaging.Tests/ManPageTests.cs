using System.Text.RegularExpressions;
using SyncHop.Cli.Options;
using SyncHop.Engine;
using SyncHop.Packaging.Manual;
using Xunit;

namespace SyncHop.Packaging.Tests;

/// <summary>The page as its readers see it: formatted by mandoc, and without a complaint of mandoc or groff.</summary>
public partial class ManPageTests
{
    private static readonly string Page = ManPage.Render(new DateOnly(2026, 11, 23));

    [Fact]
    public void Mandoc_has_nothing_to_complain_of()
    {
        (int exitCode, string output, string error) = Tool.Run("mandoc", ["-T", "lint", "-W", "style"], Page);
        // Long lines are a matter of taste; with them alone the exit code tells of style.
        IEnumerable<string> complaints = (output + error).Split('\n').Where(line => !line.Contains("input text line longer", StringComparison.Ordinal));
        Assert.Equal("", string.Concat(complaints));
        Assert.InRange(exitCode, 0, 1);
    }

    [Fact]
    public void Groff_has_nothing_to_complain_of()
    {
        (int exitCode, string output, string error) = Tool.Run("groff", ["-man", "-Tutf8", "-ww", "-z"], Page);
        Assert.Equal("", output + error);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void Every_name_of_every_option_begins_an_entry()
    {
        string text = Formatted();
        text = text[text.IndexOf("\n   Output\n", StringComparison.Ordinal)..text.IndexOf("\nEXIT STATUS\n", StringComparison.Ordinal)];
        HashSet<string> documented = [];
        foreach (Match line in Entry().Matches(text))
            documented.UnionWith(OptionName().Matches(line.Value).Select(name => name.Value));
        Assert.True(documented.Count > 150, "the page was not understood");
        Assert.Empty(OptionTable.All.SelectMany(option => option.Names).Except(documented));
        Assert.Empty(documented.Except(OptionTable.All.SelectMany(option => option.Names)));
    }

    [Fact]
    public void Every_option_that_can_be_negated_is_in_the_list()
    {
        string text = Regex.Replace(Formatted(), @"\s+", " ");
        string list = text[text.IndexOf("turns an option off again", StringComparison.Ordinal)..];
        list = list[..list.IndexOf("Output -v", StringComparison.Ordinal)];
        Assert.All(
            OptionTable.All.Where(option => option.Negate is not null),
            option => Assert.Contains(option.Short is { } letter ? $" -{letter}" : $" --{option.Long}", list, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_exit_code_is_there()
    {
        string text = Formatted();
        int begin = text.IndexOf("EXIT STATUS", StringComparison.Ordinal), end = text.IndexOf("ENVIRONMENT", StringComparison.Ordinal);
        IEnumerable<int> codes = ExitCodeLine().Matches(text[begin..end]).Select(line => int.Parse(line.Groups["code"].Value, null));
        Assert.Equal(Enum.GetValues<ExitCode>().Select(code => (int)code), codes);
    }

    [Fact]
    public void Notes_are_about_options_that_exist() =>
        Assert.Empty(OptionNotes.All.Keys.Except(OptionTable.All.Select(option => option.Names.First())));

    [Fact]
    public void Text_is_literal()
    {
        string text = @".a 'b' -c ""d"" \e ~f ^g `h";
        (_, string output, _) = Tool.Run("mandoc", ["-T", "ascii", "-O", "width=100"], $".TH X 1 2026-11-23\n.SH NAME\nx\n.PP\n{Roff.Escape(text)}\n");
        Assert.Contains(text, output, StringComparison.Ordinal);
    }

    /// <summary>The page as plain text, without the overstriking for bold and italics.</summary>
    private static string Formatted()
    {
        (_, string output, _) = Tool.Run("mandoc", ["-T", "ascii", "-O", "width=200"], Page);
        return Regex.Replace(output, ".\b", "");
    }

    // "     -v, --verbose" under its heading; the text of an entry is indented further.
    [GeneratedRegex(@"^ {5,7}-.*$", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"(?<=^ +|, )-[^\s=,[]+")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"^ {5,7}(?<code>\d+) ", RegexOptions.Multiline)]
    private static partial Regex ExitCodeLine();
}
