using SyncHop.Cli.Options;
using SyncHop.Packaging.Completions;
using Xunit;

namespace SyncHop.Packaging.Tests;

/// <summary>What bash, zsh and fish make of a line.</summary>
public class CompletionTests
{
    /// <summary>Typed, then what it becomes; the same in both shells where there is one column.</summary>
    private static readonly (string Typed, string Bash, string Zsh)[] Lines =
    [
        ("synchop --archi", "synchop --archive ", "synchop --archive "),
        ("synchop --no-ow", "synchop --no-owner ", "synchop --no-owner "),
        ("synchop -av --exclude-fr", "synchop -av --exclude-from=", "synchop -av --exclude-from="),
        ("synchop --delta=st", "synchop --delta=store ", "synchop --delta=store "),
        ("synchop --delta st", "synchop --delta store ", "synchop --delta store "),
        ("synchop --info=progress,nonr", "synchop --info=progress,nonreg ", "synchop --info=progress,nonreg,"),
        ("synchop --jump=gw,t", "synchop --jump=gw,target ", "synchop --jump=gw,target"),
        ("synchop --backup-dir su", "synchop --backup-dir sub/", "synchop --backup-dir sub/"),
        ("synchop --identity=gw=my\\ di", "synchop --identity=gw=my\\ dir/", "synchop --identity=gw=my\\ dir/"),
        ("synchop -a su", "synchop -a sub/", "synchop -a sub/"),
        ("synchop -a my\\ dir/f", "synchop -a my\\ dir/file ", "synchop -a my\\ dir/file "),
        ("synchop -a ~/my\\ d", "synchop -a ~/my\\ dir/", "synchop -a ~/my\\ dir/"),
        ("synchop -a a", "synchop -a a\\'b ", "synchop -a a\\'b "),
        ("synchop -a ta", "synchop -a target:", "synchop -a target:"),
        ("synchop -a g", "synchop -a gw", "synchop -a gw"),
        ("synchop gw:22,t", "synchop gw:22,target:", "synchop gw:22,target:"),
        ("synchop gw,target:t", "synchop gw,target:tmp/foo\\ bar/", "synchop gw,target:tmp/foo\\ bar/"),
        ("synchop \"gw,target:t", "synchop \"gw,target:tmp/foo bar/\"", "synchop \"gw,target:tmp/foo bar/"),
        ("synchop gw,target:i", "synchop gw,target:it\\'s ", "synchop gw,target:it\\'s "),
        ("synchop gw,target:\\$", "synchop gw,target:\\$x\\\" ", "synchop gw,target:\\$x\\\" "),
        ("synchop gw,target:d", "synchop gw,target:dir/one", "synchop gw,target:dir/one"),
        ("synchop -e su", "synchop -e su", "synchop -e su"),
        ("synchop -- --archi", "synchop -- --archi", "synchop -- --archi"),
    ];

    [Fact]
    public void Bash_completes()
    {
        using Completion completion = new();
        Assert.Equal(Lines.Select(line => line.Bash), completion.InBash([.. Lines.Select(line => line.Typed)]));
    }

    [Fact]
    public void Zsh_completes()
    {
        using Completion completion = new();
        Assert.Equal(Lines.Select(line => line.Zsh), completion.InZsh([.. Lines.Select(line => line.Typed)]));
    }

    [Theory]
    [InlineData("synchop --archi", "--archive")]
    [InlineData("synchop --no-own", "--no-owner")]
    [InlineData("synchop --delta=s", "--delta=store")]
    [InlineData("synchop --delta s", "store")]
    [InlineData("synchop --jump=gw,", "--jump=gw,target")]
    [InlineData("synchop --backup-dir=s", "--backup-dir=sub/")]
    [InlineData("synchop -a s", "sub/")]
    [InlineData("synchop -a ta", "target:")]
    [InlineData("synchop -a gw,target:t", "gw,target:tmp/foo bar/")]
    [InlineData("synchop -a gw,target:d", "gw,target:dir/one", "gw,target:dir/one2")]
    [InlineData("synchop -e su")]
    public void Fish_completes(string typed, params string[] words)
    {
        using Completion completion = new();
        Assert.Equal(words, completion.InFish(typed));
    }

    [Fact]
    public void Synchop_is_told_what_stands_before_the_word()
    {
        const string asked = "--complete operand gw,target:t -e ssh -p 22 --jump=gw2 a b\n";
        using (Completion completion = new())
        {
            completion.InBash("synchop -e 'ssh -p 22' --jump=gw2 a\\ b gw,target:t");
            Assert.Equal(asked, completion.Asked);
        }

        using (Completion completion = new())
        {
            completion.InZsh("synchop -e 'ssh -p 22' --jump=gw2 a\\ b gw,target:t");
            Assert.Equal(asked, completion.Asked);
        }

        using (Completion completion = new())
        {
            completion.InFish("synchop -e 'ssh -p 22' --jump=gw2 a\\ b gw,target:t");
            Assert.Equal(asked, completion.Asked);
        }
    }

    [Fact]
    public void No_shell_misses_an_option()
    {
        string bash = BashCompletion.Render(), zsh = ZshCompletion.Render(), fish = FishCompletion.Render();
        foreach (OptionDefinition option in OptionTable.All.Where(option => option.Support.Kind != SupportKind.Refused))
        {
            foreach (string name in option.Names.Concat(option.NegatedNames))
            {
                Assert.Matches($"[ ']{name}[= ']", bash);
                Assert.Matches($@"'\*{name}(=-?|\+)?\[", zsh);
                Assert.Matches(name.Length == 2 ? $" -s '{name[1]}' " : $" -l {name[2..]} ", fish);
            }
        }
    }

    [Fact]
    public void Words_for_values_are_taken()
    {
        foreach (OptionDefinition option in OptionTable.All.Where(option => option.ValueName is not null))
            foreach (string word in OptionValue.Of(option).Words)
                Assert.NotNull(CommandLine.Parse([$"--{option.Long}={word}", "a", "b"]));
        Assert.Empty(OptionValue.WithWords.Except(OptionTable.All.Select(option => option.Long)));
    }
}
