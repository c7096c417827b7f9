using System.Diagnostics;
using System.IO.Abstractions;
using System.IO.Abstractions.TestingHelpers;
using SyncHop.Ssh.Configuration;
using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

/// <summary>What a config runs, and with which names.</summary>
public sealed class ConfigCommandTests
{
    private readonly MockFileSystem _files = new();

    [Theory]
    [InlineData("a;b", null)]
    [InlineData("$(b)", null)]
    [InlineData("`b`", null)]
    [InlineData("a b", null)]
    [InlineData("-oProxyCommand=b", null)]
    [InlineData("a", "b;c")]
    [InlineData("a", "-b")]
    [InlineData("a", "b -c")]
    [InlineData("a", "b\\")]
    public void Typed_name_that_means_something_to_a_shell_is_refused_before_a_command_runs(string host, string? user)
    {
        string ran = Path.Combine(Path.GetTempPath(), "synchop-" + Guid.NewGuid());
        Config($"Match exec \"touch {ran}; : %h %n %r\"\nPort 5\n");

        HopException e = Assert.Throws<HopException>(() => Resolve(new Hop(host, null, user)));

        Assert.Equal(HopFailureKind.Config, e.Kind);
        Assert.EndsWith("has characters that mean something to a shell", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(ran));
    }

    [Theory]
    [InlineData("ProxyJump=a;b", "ProxyJump: the host name \"a;b\" has characters")]
    [InlineData("User=a;b", "the user name \"a;b\" has characters")]
    public void So_is_one_of_the_command_line(string option, string reason)
    {
        HopException e = Assert.Throws<HopException>(() => HopPlan.Create([new Hop("x")], Settings with { TargetOptions = [option] }, _ => { }));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    // ssh takes all of these; the last is a user of a Windows domain.
    [Theory]
    [InlineData("a_b", "c")]
    [InlineData("fe80::1%eth0", "c@d")]
    [InlineData("a", "b c")]
    [InlineData("a", "CORP\\alice")]
    public void Other_names_are_taken(string host, string user)
    {
        Config("ProxyCommand nc %h %p\n");

        Assert.Equal(($"nc {host} 22", user), (Resolve(new Hop(host, null, user)).ProxyCommand, Resolve(new Hop(host, null, user)).User));
    }

    [Fact]
    public void What_a_command_leaves_in_the_background_is_not_waited_for()
    {
        Config("Match exec \"sleep 5 & true\"\nPort 5\n");
        var watch = Stopwatch.StartNew();

        Assert.Equal(5, Resolve(new Hop("a")).Port);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 3);
    }

    [Fact]
    public void Directory_that_cannot_be_listed_includes_nothing()
    {
        var files = new ClosedFiles();
        files.AddFile("/home/me/.ssh/config", new MockFileData("Include conf.d/*\nInclude */x\nPort 5\n"));
        files.AddFile("/home/me/.ssh/conf.d/x", new MockFileData("Port 6\n"));

        Assert.Equal(5, HopPlan.Create([new Hop("a")], Settings with { FileSystem = files }, _ => { })[0].Port);
    }

    private SshSettings Settings => new() { Home = "/home/me", LocalUser = "me", FileSystem = _files };

    private HopSettings Resolve(Hop hop) => HopPlan.Create([hop], Settings, _ => { })[0];

    private void Config(string text) => _files.AddFile("/home/me/.ssh/config", new MockFileData(text));

    private sealed class ClosedFiles : MockFileSystem
    {
        public override IDirectory Directory => new ClosedDirectory(this);
    }

    private sealed class ClosedDirectory(IMockFileDataAccessor files) : MockDirectory(files, "/")
    {
        public override string[] GetFiles(string path) => throw new UnauthorizedAccessException();

        public override string[] GetDirectories(string path) => throw new UnauthorizedAccessException();
    }
}
