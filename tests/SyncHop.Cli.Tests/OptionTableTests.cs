using SyncHop.Cli.Options;
using Xunit;

namespace SyncHop.Cli.Tests;

public class OptionTableTests
{
    /// <summary>All negations that rsync 3.5.0 accepts, found by trying each.</summary>
    private const string Negations =
        """
        --no-8-bit-output --no-acls --no-append --no-atimes --no-backup --no-blocking-io --no-bwlimit --no-checksum --no-compress
        --no-contimeout --no-crtimes --no-delay-updates --no-detach --no-devices --no-dirs --no-drop-D --no-force --no-from0 --no-fuzzy
        --no-group --no-hard-links --no-human-readable --no-iconv --no-ignore-errors --no-implied-dirs --no-inc-recursive --no-inplace
        --no-insecure-links --no-itemize-changes --no-links --no-mkpath --no-motd --no-msgs2stderr --no-munge-links --no-numeric-ids
        --no-old-args --no-omit-dir-times --no-omit-link-times --no-one-file-system --no-open-noatime --no-owner --no-partial --no-perms
        --no-progress --no-protect-args --no-prune-empty-dirs --no-recursive --no-relative --no-secluded-args --no-sparse --no-specials
        --no-super --no-timeout --no-times --no-verbose --no-whole-file --no-write-devices --no-xattrs
        --no-c --no-d --no-g --no-h --no-i --no-l --no-m --no-o --no-p --no-r --no-s --no-t --no-v --no-x --no-y --no-z --no-A --no-D
        --no-H --no-J --no-N --no-O --no-R --no-S --no-U --no-W --no-X --no-8 --no-i-r --no-i-d
        """;

    [Fact]
    public void Exactly_the_options_rsync_negates_can_be_negated()
    {
        HashSet<string> there = [.. OptionTable.All.SelectMany(o => o.Names).Select(name => "--no-" + name.TrimStart('-'))];
        Assert.Equal(
            Negations.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Where(there.Contains).Order(StringComparer.Ordinal),
            OptionTable.ByName.Where(o => o.Value is { Negated: true, Option.Support.Kind: not SupportKind.Own }).Select(o => o.Key).Order(StringComparer.Ordinal));
    }

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
            string line = Assert.Single(lines, l => l.StartsWith(start, StringComparison.Ordinal) && l[start.Length..][0] is ' ' or ',' or '=' or '[');
            Assert.EndsWith(option.Help, line, StringComparison.Ordinal);
        }

        Assert.All(lines, l => Assert.True(l.Length <= 110, l));
    }
}
