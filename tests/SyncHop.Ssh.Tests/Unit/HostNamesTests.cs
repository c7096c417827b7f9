using System.IO.Abstractions.TestingHelpers;
using SyncHop.Ssh.HostKeys;
using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

public sealed class HostNamesTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKJIsOx9/dwzHvx0wyI5ABPhy3D/uFjuv7/ly1CwiECC";

    private readonly MockFileSystem _files = new();

    private SshSettings Settings => new() { Home = "/home/me", SystemDirectory = "/etc/ssh", FileSystem = _files };

    [Fact]
    public void Names_are_those_of_host_lines_and_of_known_hosts_without_patterns_and_hashes()
    {
        _files.AddFile("/etc/ssh/ssh_config", new MockFileData("Host system\nInclude more\nMatch host matched exec false\n User x\n"));
        _files.AddFile("/etc/ssh/more", new MockFileData("Host included *.org !not ?\nUserKnownHostsFile ~/other %d/token\n"));
        _files.AddFile("/etc/ssh/ssh_known_hosts", new MockFileData(
            $"""
            a,[b]:2222,[c]:22,10.0.0.1,::1,[::2]:2222,[::3]:22,*.net,!d {Key}
            {KnownHostsEntry.HashedName("hidden")} {Key}
            @revoked bad {Key}
            @cert-authority authority {Key}
            a {Key}
            """));
        _files.AddFile("/home/me/other", new MockFileData($"elsewhere {Key}\n"));

        Assert.Equal(["10.0.0.1", "[::1]", "[::2]:2222", "[::3]", "a", "b:2222", "c", "elsewhere", "included", "system"], HostNames.Find(Settings));
        Assert.All(HostNames.Find(Settings), name => Hop.Parse(name));
    }

    [Fact]
    public void Named_files_stand_in_for_the_usual_ones()
    {
        _files.AddFile("/etc/ssh/ssh_known_hosts", new MockFileData($"usual {Key}\n"));
        _files.AddFile("/hosts", new MockFileData($"named {Key}\n"));
        _files.AddFile("/config", new MockFileData("Host here\n"));

        Assert.Equal(["here", "named"], HostNames.Find(Settings with { ConfigFile = "/config", KnownHostsFiles = ["/hosts", "/missing"] }));
    }

    [Fact]
    public void A_malformed_configuration_is_an_error()
    {
        _files.AddFile("/etc/ssh/ssh_config", new MockFileData("Host \"a\n"));
        Assert.Throws<HopException>(() => HostNames.Find(Settings));
    }
}
