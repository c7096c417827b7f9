using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>What scripts do around the command: pipes for its files and its output, and many runs side by side. Beside rsync.</summary>
public sealed class ScriptTests(Lab lab)
{
    [Theory]
    [InlineData("printf '*.txt\\n' | \"$0\" -ai --exclude-from=/dev/stdin src/ dst/")]
    [InlineData("printf -- '- *.txt\\n' | \"$0\" -ai --filter='merge /dev/fd/7' src/ dst/ 7<&0 </dev/null")]
    [InlineData("printf 'a.txt\\n' | \"$0\" -ai --files-from=/proc/self/fd/0 src/ dst/")]
    [InlineData("\"$0\" -a --log-file=/dev/stdout --log-file-format=%n src/ dst/ | cut -d] -f2 | grep -v sent")]
    [InlineData("\"$0\" -ai --exclude-from=/dev/fd/99 src/ dst/ 2>/dev/null")]
    public void Open_files_are_reached_by_their_numbers(string script)
    {
        Assert.Equal(Run("rsync", script), Run(Repository.Binary, script));
    }

    [Theory]
    [InlineData("\"$0\" -ai many/ dst/ | head -n 1; ls dst | wc -l")]
    [InlineData("\"$0\" -ai many/ dst/ > out.fifo; echo $?; ls dst | wc -l")]
    public void A_reader_that_has_seen_enough_does_not_stop_the_run(string script)
    {
        const string Reader = "mkfifo out.fifo; head -n 1 out.fifo & ";
        var whole = script.Contains("fifo", StringComparison.Ordinal) ? Reader + script : script;
        var wanted = Run("rsync", whole);
        Assert.Contains("2000\n", wanted, StringComparison.Ordinal);
        Assert.Equal(wanted, Run(Repository.Binary, whole));
    }

    /// <summary>rsync says nothing of it at all. What reads --json needs all of it.</summary>
    [Theory]
    [InlineData("-ai", 0)]
    [InlineData("-a --json", 11)]
    public void Output_that_cannot_be_written_is_told_at_the_end(string options, int code)
    {
        var script = $"\"$0\" {options} many/ dst/ > /dev/full 2> errors; code=$?; ls dst | wc -l; echo $code; ";
        if (code == 0) Assert.Equal("2000\n0\n", Run("rsync", script));
        Assert.Equal($"2000\n{code}\nsynchop: cannot write standard output: No space left on device (28)\n", Run(Repository.Binary, script + "cat errors"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gw,target:$PWD/")]
    public void Runs_side_by_side_share_the_directories_that_they_make(string host)
    {
        var folder = NewFolder();
        var script = $"mkdir dst; cd src; find . -type f | xargs -P 6 -I NAME \"$0\" -aR NAME \"{host.Replace("$PWD", folder, StringComparison.Ordinal)}{(host.Length == 0 ? "../" : "")}dst/\"; echo $?; cd ..; find dst -type f | wc -l";
        var outcome = new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId, ["sh", "-c", script, Repository.Binary]).Run();
        Assert.True(outcome is { ExitCode: 0, Stdout: "0\n22\n", Stderr: "" }, outcome.ToString());
        Lab.Remove(folder);
    }

    private string Run(string program, string script)
    {
        var folder = NewFolder();
        try
        {
            return new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId, ["sh", "-c", script, program]).Run().Stdout;
        }
        finally
        {
            Lab.Remove(folder);
        }
    }

    private string NewFolder()
    {
        var folder = lab.NewFolder(Libc.UserId);
        var tree = Tree.Parse("a.txt=1 c.jpg=2 d/b.txt=3 d/e.jpg=4");
        foreach (var number in Enumerable.Range(0, 6))
        {
            tree.Add(new TreeEntry($"w/x{number % 2}/y/z/{number}", 'f'));
            tree.Add(new TreeEntry($"w/x{number % 2}/k/{number}", 'f'));
            tree.Add(new TreeEntry($"v{number}/f", 'f'));
        }
        tree.Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Directory.CreateDirectory(folder + "/many");
        foreach (var number in Enumerable.Range(0, 2000)) File.WriteAllText($"{folder}/many/{number}", "");
        return folder;
    }
}
