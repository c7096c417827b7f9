using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SyncHop.EndToEnd.Harness;
using SyncHop.LinkEmulator;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Several connections to the final host through one gateway session.</summary>
public sealed class ConnectionTests(Lab lab) : IDisposable
{
    private const int Length = 48 << 20;

    /// <summary>So that the transfer lasts as long as the connections take, on any machine.</summary>
    private const string Slowly = "--bwlimit=8m";

    private readonly string _folder = lab.NewFolder(Libc.UserId);
    private SshPair? _pair;

    public void Dispose()
    {
        _pair?.Dispose();
        Lab.Remove(_folder);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public void Tree_with_large_and_small_files_arrives_whole(int connections, bool push)
    {
        // MaxSessions is about the sessions in a connection, not about connections.
        SshPair pair = Start("MaxSessions 1");
        WriteTree("src");

        Outcome outcome = push
            ? Run($"--connections={connections}", Slowly, "-a", "src/", $"gw,target:{_folder}/copy")
            : Run($"--connections={connections}", Slowly, "-a", $"gw,target:{_folder}/src/", "copy");

        SameTrees("src", "copy");
        Assert.Equal((1, connections), (pair.Logins("gw"), pair.Logins("target")));
        for (int number = 2; number <= connections; number++) Assert.Contains($"synchop: connection {number} to ", outcome.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "--inplace")]
    [InlineData(true, "--partial-dir=.part")]
    [InlineData(true, "-W")]
    [InlineData(false, "-W")]
    public void Connection_that_is_killed_in_the_middle_loses_nothing(bool push, string option)
    {
        SshPair pair = Start();
        WriteTree("src");
        // When pulling a limit of our own would leave most of what was asked for in our own buffers, and nothing to lose.
        using Link link = new(new LinkSettings { Delay = TimeSpan.FromMilliseconds(5), BytesPerSecond = push ? 0 : 8 << 20 }, pair.Gateway);
        pair.Connect(link.Port);
        if (!push) WriteContent("src", "larger", 2 * Length);
        string[] arguments = push
            ? ["--connections=4", Slowly, option, "-a", "src/", $"gw,target:{_folder}/copy"]
            : ["--connections=4", option, "-a", $"gw,target:{_folder}/src/", "copy"];
        bool killed = false;

        Outcome outcome = Synchop(arguments).Run(process =>
        {
            while (!process.HasExited && pair.Starts < 4) Thread.Sleep(20);
            Thread.Sleep(1000);
            killed = !process.HasExited;
            if (killed) pair.KillNewestSession();
        });

        Assert.True(killed, "the transfer was over too soon: " + outcome);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Contains("was lost, its work goes to the others", outcome.Stderr, StringComparison.Ordinal);
        SameTrees("src", "copy");
    }

    [Fact]
    public void Target_that_lets_nobody_else_in_is_told_of_and_the_run_goes_on()
    {
        SshPair pair = Start();
        WriteTree("src");

        Outcome outcome = Run(process =>
        {
            while (!process.HasExited && pair.Logins("target") < 1) Thread.Sleep(5);
            File.Delete(pair.AuthorizedKeys);
        }, "--connections=3", Slowly, "-a", "src/", $"gw,target:{_folder}/copy");

        SameTrees("src", "copy");
        Assert.InRange(pair.Logins("target"), 1, 2);
        Assert.Single(Told(outcome), line => line.Contains("no more connections to ", StringComparison.Ordinal));
    }

    /// <summary>A client that does not log in takes the only place that MaxStartups leaves.</summary>
    [Fact]
    public void Target_with_too_many_logins_under_way_is_told_of_and_the_run_goes_on()
    {
        SshPair pair = Start("MaxStartups 1");
        WriteTree("src");
        Socket? idle = null;

        Outcome outcome = Run(process =>
        {
            while (!process.HasExited && pair.Logins("target") < 1) Thread.Sleep(1);
            // The place is taken while synchop logs in.
            while (!process.HasExited && idle is null) idle = TryGreet(pair.Target);
        }, "--connections=8", Slowly, "-a", "src/", $"gw,target:{_folder}/copy");
        idle?.Dispose();

        SameTrees("src", "copy");
        Assert.InRange(pair.Logins("target"), 1, 7);
        Assert.Single(Told(outcome), line => line.Contains("no more connections to ", StringComparison.Ordinal));
    }

    /// <summary>A second channel in the first connection comes first, where something is sent and the host has one.</summary>
    // Alone, since it looks at round-trip times.
    [Theory(DisableParallelization = true)]
    [InlineData(true, "", "one more channel to ")]
    [InlineData(true, "MaxSessions 1", "no other channel to ")]
    [InlineData(false, "", null)]
    public void Long_link_gets_more_connections_by_itself(bool push, string settings, string? channel)
    {
        SshPair pair = Start(settings);
        // Long enough that the window is what limits, on any machine.
        using Link link = new(new LinkSettings { Delay = TimeSpan.FromMilliseconds(75) }, pair.Gateway);
        pair.Connect(link.Port);
        WriteContent("src", "large", 3 * Length);

        Outcome outcome = push
            ? Run("-a", "src/", $"gw,target:{_folder}/copy")
            : Run("-a", $"gw,target:{_folder}/src/", "copy");

        SameTrees("src", "copy");
        Assert.InRange(pair.Logins("target"), 2, 8);
        Assert.Contains("synchop: connection 2 to ", outcome.Stderr, StringComparison.Ordinal);
        Assert.Contains("in a round trip of 15", outcome.Stderr, StringComparison.Ordinal);
        if (channel is null) Assert.DoesNotContain(" channel to ", outcome.Stderr, StringComparison.Ordinal);
        else Assert.Contains("synchop: " + channel, outcome.Stderr, StringComparison.Ordinal);
    }

    [Fact(DisableParallelization = true)]
    public void Short_link_keeps_one()
    {
        SshPair pair = Start();
        WriteContent("src", "large", 4 * Length);

        Run("-a", "src/", $"gw,target:{_folder}/copy");

        Assert.Equal(1, pair.Logins("target"));
    }

    [Fact]
    public void Little_to_do_needs_one_also_on_a_long_link()
    {
        SshPair pair = Start();
        using Link link = new(new LinkSettings { Delay = TimeSpan.FromMilliseconds(50) }, pair.Gateway);
        pair.Connect(link.Port);
        WriteContent("src", "small", 1 << 20);

        Run("-a", "src/", $"gw,target:{_folder}/copy");
        Run("-a", "src/", $"gw,target:{_folder}/copy");
        WriteContent("src", "more", 1 << 20);
        Run("-a", "-n", "--connections=4", "src/", $"gw,target:{_folder}/copy");

        Assert.Equal(3, pair.Logins("target"));
    }

    private static Socket? TryGreet(IPEndPoint server)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(server);
        byte[] greeting = new byte[4];
        if (socket.Receive(greeting) == 4 && greeting.AsSpan().SequenceEqual("SSH-"u8)) return socket;
        socket.Dispose();
        return null;
    }

    private SshPair Start(string targetSettings = "")
    {
        string servers = Path.Combine(_folder, "servers");
        Directory.CreateDirectory(servers);
        return _pair = new SshPair(servers, targetSettings);
    }

    private Command Synchop(params string[] arguments) =>
        lab.Synchop(_folder, Libc.UserId, ["-vv", "--ssh-config=" + _pair!.Config, .. arguments]);

    private Outcome Run(params string[] arguments) => Run(static _ => { }, arguments);

    private Outcome Run(Action<Process> meanwhile, params string[] arguments)
    {
        Outcome outcome = Synchop(arguments).Run(meanwhile);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return outcome;
    }

    private static string[] Told(Outcome outcome) => outcome.Stderr.Split('\n');

    private void WriteTree(string name)
    {
        WriteContent(name, "large", Length);
        for (int i = 0; i < 300; i++) WriteContent(name, $"{i % 7}/{i % 3}/{i}", i * 60);
        for (int i = 0; i < 8; i++) WriteContent(name, $"{i}/medium", 300_000 * i);
    }

    private void WriteContent(string tree, string name, int length)
    {
        string path = Path.Combine(_folder, tree, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
    }

    private void SameTrees(string one, string other)
    {
        string[] names = Names(one);
        Assert.Equal(names, Names(other));
        foreach (string name in names)
        {
            string a = Path.Combine(_folder, one, name), b = Path.Combine(_folder, other, name);
            Assert.True(File.ReadAllBytes(a).AsSpan().SequenceEqual(File.ReadAllBytes(b)), name);
            Assert.Equal(File.GetLastWriteTimeUtc(a), File.GetLastWriteTimeUtc(b));
        }
    }

    private string[] Names(string tree)
    {
        string root = Path.Combine(_folder, tree);
        return [.. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => Path.GetRelativePath(root, path)).Order(StringComparer.Ordinal)];
    }
}
