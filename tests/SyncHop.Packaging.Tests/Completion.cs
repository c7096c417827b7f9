using SyncHop.Packaging.Completions;
using Xunit;

namespace SyncHop.Packaging.Tests;

/// <summary>
/// The completions in real shells: a directory with some files, a <c>synchop</c> that answers what the real one would of certain
/// hosts, and a shell on a terminal that is typed to and shows what the line became.
/// </summary>
public sealed class Completion : IDisposable
{
    // ^U clears the line, \t completes it, ^T shows it.
    private const string Clear = "\u0015", Complete = "\t", Show = "\u0014";

    private const string Prompt = "READY$ ";

    private readonly string _directory = Directory.CreateTempSubdirectory("synchop-completion-").FullName;

    public Completion()
    {
        Write("bin/synchop", """
            #!/bin/sh
            # --complete KIND WORD: those that begin with WORD.
            printf '%s\n' "$*" >>"${0%/bin/synchop}/asked"
            case $2 in
                operand) set -- "$3" 'gw:' 'gw2:' 'target:' '[::1]:' 'gw:22,target:' 'gw,target:tmp/foo bar/' "gw,target:it's" 'gw,target:$x"' 'gw,target:dir/one' 'gw,target:dir/one2' ;;
                hops) set -- "$3" 'gw' 'gw2' 'gw,target' ;;
                *) exit 1 ;;
            esac
            word=$1
            shift
            for name; do
                case $name in "$word"*) printf '%s\n' "$name" ;; esac
            done
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path("bin/synchop"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Write("scripts/synchop.bash", BashCompletion.Render());
        Write("scripts/_synchop", ZshCompletion.Render());
        Write("scripts/synchop.fish", FishCompletion.Render());
        Write("work/my dir/file", "");
        Write("work/a'b", "");
        Write("work/sub/x", "");
        Write("bashrc", """
            PS1='READY$ ' HISTFILE=
            source "$ROOT/scripts/synchop.bash"
            bind 'set bell-style none' 'set enable-bracketed-paste off' 'set completion-query-items 0' 'set page-completions off'
            bind -x '"\C-t": printf "\n<<%s>>\n" "$READLINE_LINE"'
            cd "$ROOT/work"
            """);
        Write("zsh/.zshrc", """
            PROMPT='READY$ ' HISTFILE= LISTMAX=10000
            unsetopt beep
            fpath=("$ROOT/scripts" $fpath)
            autoload -Uz compinit
            compinit -u -D
            show() { zle -I; print -r -- "<<$BUFFER>>" }
            zle -N show
            bindkey -e '^T' show '^U' kill-whole-line
            cd "$ROOT/work"
            """);
    }

    /// <summary>What bash makes of each line when its end is completed.</summary>
    public IReadOnlyList<string> InBash(params string[] lines) => OnTerminal("bash", "exec bash --noprofile --rcfile \"$ROOT/bashrc\" -i", lines);

    /// <summary>What zsh makes of each line when its end is completed.</summary>
    public IReadOnlyList<string> InZsh(params string[] lines) => OnTerminal("zsh", "env ZDOTDIR=\"$ROOT/zsh\" zsh -o NO_GLOBAL_RCS -i", lines);

    /// <summary>The words that fish offers for the end of a line, without their descriptions.</summary>
    public IReadOnlyList<string> InFish(string line)
    {
        (int exitCode, string output, string error) = Tool.Run(
            "env",
            ["-C", Path("work"), $"PATH={Path("bin")}:/usr/bin:/bin", Require("fish"), "--no-config", "-c", $"source ../scripts/synchop.fish; complete -C $argv[1]", line]);
        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('\t')[0])];
    }

    /// <summary>What synchop was asked, one question a line.</summary>
    public string Asked => File.Exists(Path("asked")) ? File.ReadAllText(Path("asked")) : "";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private List<string> OnTerminal(string shell, string command, string[] lines)
    {
        Require(shell);
        Dictionary<string, string> environment = new()
        {
            ["ROOT"] = _directory,
            ["HOME"] = Path("work"),
            ["PATH"] = $"{Path("bin")}:/usr/bin:/bin",
            ["TERM"] = "dumb",
            ["LC_ALL"] = "C.UTF-8",
        };
        using Terminal terminal = new(command, environment);
        terminal.WaitFor(Prompt);
        List<string> completed = [];
        foreach (string line in lines)
        {
            terminal.Type(Clear + line + Complete + Show);
            terminal.WaitFor("<<");
            completed.Add(terminal.WaitFor(">>"));
            // While it shows the line, the shell lets the kernel handle keys.
            terminal.WaitFor(Prompt);
        }

        return completed;
    }

    private static string Require(string program)
    {
        string path = $"/usr/bin/{program}";
        Assert.SkipUnless(File.Exists(path), $"{program} is not installed (scripts/setup brings it)");
        return path;
    }

    private string Path(string name) => System.IO.Path.Combine(_directory, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), text + "\n");
    }
}
