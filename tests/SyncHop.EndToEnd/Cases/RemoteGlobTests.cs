using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Wildcards in remote sources, beside rsync with a shell on its far side.</summary>
public sealed class RemoteGlobTests(Lab lab)
{
    [Theory]
    [InlineData("-ai", "*.gz")]
    [InlineData("-ai", "d?/*.gz")]
    [InlineData("-ai", "x*y")]
    [InlineData("-ai", @"x\*y")]
    [InlineData("-ai", "[ab].gz")]
    [InlineData("-ai", "[z]")]
    [InlineData("-ai", "d*/")]
    [InlineData("-ai", "d*/.")]
    [InlineData("-ai", "*")]
    [InlineData("-ai", "*/f.gz")]
    [InlineData("-ai", "d1/{f,g}.gz")]
    [InlineData("-ai", "nothing*")]
    [InlineData("-ai", "a.gz/*")]
    [InlineData("-aRi", "./*/*.gz")]
    [InlineData("-ai --remove-source-files", "*.gz")]
    [InlineData("-ai --list-only", "?*.gz")]
    public void They_are_what_a_shell_makes_of_them(string options, string pattern)
    {
        var wanted = Run("rsync", ["-e", lab.FakeShell], options, "host:src/" + pattern);
        var found = Run(Repository.Binary, [], options, "gw,target:{0}/src/" + pattern);
        Assert.Equal(wanted, found);
    }

    private (int Code, string Text, string Trees) Run(string program, string[] more, string options, string source)
    {
        var folder = lab.NewFolder(Libc.UserId);
        try
        {
            Tree.Parse("a.gz=1 b.gz=2 .c.gz=3 [z]=5 q'r.gz=6 d1/f.gz=7 d2/g.gz=8 .h/f.gz=9 l->d1").Build(folder + "/src", Libc.UserId, Libc.GroupId);
            File.WriteAllText(folder + "/src/x y", "");
            File.WriteAllText(folder + "/src/x*y", "");
            var outcome = new Command(folder, folder, Libc.UserId,
                ["env", "HOME=" + (more.Length > 0 ? folder : lab.HomeOf(Libc.UserId)), program, .. options.Split(' '), .. more, source.Replace("{0}", folder, StringComparison.Ordinal), "dst/"]).Run();
            var trees = new Command(folder, folder, Libc.UserId, ["find", ".", "-type", "f"]).Run().Stdout;
            return (outcome.ExitCode, outcome.Stdout, string.Join('\n', trees.Split('\n').Order(StringComparer.Ordinal)));
        }
        finally
        {
            Lab.Remove(folder);
        }
    }
}
