using System.Diagnostics;
using System.Globalization;
using System.Net;
using SyncHop.EndToEnd.Harness;
using SyncHop.LinkEmulator;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Several connections to the final host through one gateway session, over a long link.</summary>
public sealed class ConnectionTests : IDisposable
{
    private const int Length = 96 << 20;

    private readonly Lab _lab;
    private readonly Link? _link;
    private readonly string _folder;
    private readonly string _config;

    public ConnectionTests(Lab lab)
    {
        _lab = lab;
        _folder = lab.NewFolder(Libc.UserId);
        _config = Path.Combine(_folder, "ssh_config");
        if (!IPAddress.TryParse(lab.HostOf("gw"), out IPAddress? gateway)) return;
        LinkSettings leg = new() { Delay = TimeSpan.FromMilliseconds(50) };
        _link = new Link(leg, new IPEndPoint(gateway, Number(lab.PortOf("gw"))));
        File.WriteAllText(_config, Section("gw", "127.0.0.1", _link.Port) + Section("target", lab.HostOf("target"), Number(lab.PortOf("target"))));
    }

    public void Dispose()
    {
        _link?.Dispose();
        Lab.Remove(_folder);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Large_file_arrives_whole_over_four_connections_and_one_gateway_session(bool push)
    {
        WriteContent("file");
        (int gateway, int target) = (Logins("gw"), Logins("target"));

        Outcome outcome = Synchop(push ? ["file", $"gw,target:{_folder}/copy"] : [$"gw,target:{_folder}/file", "copy"]).Run();

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        SameContent("file", "copy");
        Assert.Equal((1, 4), (Logins("gw") - gateway, Logins("target") - target));
        Assert.Equal(3, outcome.Stderr.Split(" to ").Count(part => part.EndsWith("connection 2", StringComparison.Ordinal)
            || part.EndsWith("connection 3", StringComparison.Ordinal) || part.EndsWith("connection 4", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Losing_a_connection_in_the_middle_loses_nothing(bool push)
    {
        WriteContent("file");
        Command command = Synchop(push ? ["file", $"gw,target:{_folder}/copy"] : [$"gw,target:{_folder}/file", "copy"]);
        int logins = Logins("target");
        bool killed = false;

        Outcome outcome = command.Run(process =>
        {
            while (!process.HasExited && Logins("target") < logins + 4) Thread.Sleep(20);
            Thread.Sleep(700);
            killed = !process.HasExited && KillNewestSession();
        });

        Assert.True(killed, "the transfer was over too soon: " + outcome);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        SameContent("file", "copy");
    }

    [Fact]
    public void Many_small_files_arrive_whole_over_several_connections()
    {
        for (int i = 0; i < 400; i++)
        {
            Directory.CreateDirectory($"{_folder}/src/{i % 7}/{i % 3}");
            File.WriteAllText($"{_folder}/src/{i % 7}/{i % 3}/{i}", new string((char)('a' + (i % 26)), i * 50));
        }
        Outcome there = Synchop(["-a", "src/", $"gw,target:{_folder}/there"]).Run();
        Outcome back = Synchop(["-a", $"gw,target:{_folder}/there/", "back"]).Run();

        Assert.True(there.ExitCode == 0 && back.ExitCode == 0, there.ToString() + back);
        Assert.Null(Snapshot.Difference(Snapshot.Take(_folder + "/src", _lab.Started), Snapshot.Take(_folder + "/back", _lab.Started)));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private string Section(string hop, string address, int port) =>
        $"Host {hop}\n HostName {address}\n Port {port}\n User {_lab.UserAt(hop)}\n IdentityFile {_lab.HomeOf(Libc.UserId)}/.ssh/id_{hop}\n"
        + " StrictHostKeyChecking no\n UserKnownHostsFile none\n";

    private Command Synchop(string[] arguments)
    {
        Assert.SkipWhen(_link is null, "this lab's gateway is not on a loopback address");
        return _lab.Synchop(_folder, Libc.UserId, ["--connections=4", "-vv", "--ssh-config=" + _config, .. arguments]);
    }

    private void WriteContent(string name)
    {
        byte[] content = new byte[Length];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(Path.Combine(_folder, name), content);
    }

    private void SameContent(string one, string other) => Assert.True(
        File.ReadAllBytes(Path.Combine(_folder, one)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_folder, other))));

    private int Logins(string server) => File.ReadAllText(Path.Combine(_lab.Directory, server, "log")).Split("Accepted publickey").Length - 1;

    private bool KillNewestSession()
    {
        string config = Path.Combine(_lab.Directory, "target", "sshd_config");
        int server = Process.GetProcessesByName("sshd").Select(process => process.Id)
            .First(id => File.ReadAllText($"/proc/{id}/cmdline").Contains(config, StringComparison.Ordinal));
        string[] sessions = File.ReadAllText($"/proc/{server}/task/{server}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using Process kill = Process.Start("kill", ["-KILL", sessions[^1]]);
        kill.WaitForExit();
        return kill.ExitCode == 0;
    }
}
