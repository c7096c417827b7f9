using SyncHop.Cli.Options;
using Xunit;

namespace SyncHop.Cli.Tests;

public class OptionTableTests
{
    /// <summary>What rsync 3.5.0 accepts of the negations of these options, found by trying each.</summary>
    private const string Negations =
        """
        --no-verbose --no-v --no-itemize-changes --no-i --no-human-readable --no-h --no-8-bit-output --no-8
        --no-recursive --no-r --no-dirs --no-d --no-links --no-l --no-devices --no-specials --no-D
        --no-one-file-system --no-x --no-perms --no-p --no-times --no-t --no-owner --no-o --no-group --no-g
        --no-numeric-ids --no-checksum --no-c --no-whole-file --no-W --no-timeout --no-contimeout --no-force --no-ignore-errors
        """;

    [Fact]
    public void Exactly_the_options_rsync_negates_can_be_negated() => Assert.Equal(
        Negations.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
        OptionTable.ByName.Where(o => o.Value.Negated).Select(o => o.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_option_of_the_first_issue_is_there()
    {
        string[] names =
            """
            -n -v -q -a -r -l -p -t -g -o -D --devices --specials -u -c -I --size-only --existing --ignore-existing -W -i
            --out-format -h --stats --delete -x --numeric-ids --list-only --timeout --contimeout --port --identity --ssh-config
            --known-hosts --version -V --help -d --dirs -8
            """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        Assert.All(names, n => Assert.Contains(n, OptionTable.ByName));
    }

    [Fact]
    public void Help_has_one_line_for_each_option_in_a_terminals_width()
    {
        string[] lines = HelpText.Render().TrimEnd('\n').Split('\n');
        foreach (OptionDefinition option in OptionTable.All)
        {
            string start = option.Long is null ? $"-{option.Short} " : $"--{option.Long}";
            string line = Assert.Single(lines, l => l.StartsWith(start, StringComparison.Ordinal) && l[start.Length..][0] is ' ' or ',' or '=');
            Assert.EndsWith(option.Help, line, StringComparison.Ordinal);
        }

        Assert.All(lines, l => Assert.True(l.Length <= 110, l));
    }
}
