using System.IO.Abstractions;
using System.IO.Abstractions.TestingHelpers;
using System.Text;
using SyncHop.Ssh.HostKeys;
using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

public sealed class KnownHostsTests
{
    private static readonly byte[] KeyA = Key("ssh-ed25519", 'a');
    private static readonly byte[] KeyB = Key("ssh-ed25519", 'b');
    private static readonly byte[] Rsa = Key("ssh-rsa", 'r');

    [Theory]
    [InlineData("host", "host", 22, HostKeyStatus.Known)]
    [InlineData("HOST", "host", 22, HostKeyStatus.Known)]
    [InlineData("other,host", "host", 22, HostKeyStatus.Known)]
    [InlineData("other", "host", 22, HostKeyStatus.Unknown)]
    [InlineData("h?st", "host", 22, HostKeyStatus.Known)]
    [InlineData("*.example.org", "a.example.org", 22, HostKeyStatus.Known)]
    [InlineData("*.example.org,!a.example.org", "a.example.org", 22, HostKeyStatus.Unknown)]
    [InlineData("!a.example.org,*.example.org", "a.example.org", 22, HostKeyStatus.Unknown)]
    [InlineData("[host]:2222", "host", 2222, HostKeyStatus.Known)]
    [InlineData("[host]:2222", "host", 22, HostKeyStatus.Unknown)]
    [InlineData("[host]:2222", "host", 2223, HostKeyStatus.Unknown)]
    [InlineData("host", "host", 2222, HostKeyStatus.Known)]
    [InlineData("[*]:2222", "host", 2222, HostKeyStatus.Known)]
    [InlineData("::1", "::1", 22, HostKeyStatus.Known)]
    [InlineData("[::1]:2222", "::1", 2222, HostKeyStatus.Known)]
    public void Names_match_as_ssh_matches_them(string names, string host, int port, object expected) =>
        Assert.Equal(expected, Read(Line(names, KeyA)).Check(host, port, KeyA).Status);

    [Fact]
    public void Other_key_of_the_same_type_means_changed_with_its_place()
    {
        (HostKeyStatus status, IReadOnlyList<KnownHostsEntry> lines) =
            Read("# comment\n\n" + Line("host", KeyB)).Check("host", 22, KeyA);

        Assert.Equal(HostKeyStatus.Changed, status);
        Assert.Equal("/kh:3", Assert.Single(lines).Place);
    }

    [Fact]
    public void Key_of_another_type_means_changed_too() =>
        Assert.Equal(HostKeyStatus.Changed, Read(Line("host", Rsa)).Check("host", 22, KeyA).Status);

    [Fact]
    public void One_matching_line_among_others_is_enough() =>
        Assert.Equal(HostKeyStatus.Known, Read(Line("host", KeyB), Line("host", KeyA)).Check("host", 22, KeyA).Status);

    [Fact]
    public void Line_without_port_does_not_condemn_a_host_at_another_port() =>
        Assert.Equal(HostKeyStatus.Unknown, Read(Line("host", KeyB)).Check("host", 2222, KeyA).Status);

    [Fact]
    public void Revoked_key_is_revoked_even_when_it_is_known() =>
        Assert.Equal(
            HostKeyStatus.Revoked,
            Read(Line("host", KeyA), "@revoked " + Line("*", KeyA)).Check("host", 22, KeyA).Status);

    [Fact]
    public void Certificate_authority_and_unknown_markers_vouch_for_no_key()
    {
        KnownHosts hosts = Read("@cert-authority " + Line("host", KeyA), "@other " + Line("host", KeyA));

        Assert.Equal(HostKeyStatus.Unknown, hosts.Check("host", 22, KeyA).Status);
        Assert.Empty(hosts.TypesFor("host", 22));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("host ssh-ed25519")]
    [InlineData("host ssh-ed25519 not-base64!")]
    [InlineData("host ssh-ed25519 AAAA")]
    [InlineData("host ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAAWE=")]
    [InlineData("|1|onlysalt ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAWE=")]
    [InlineData("|1|!|! ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAWE=")]
    public void Malformed_lines_are_ignored(string line) => Assert.Null(KnownHostsEntry.Parse(line, "/kh", 1));

    [Theory]
    [InlineData("host", 22, "host")]
    [InlineData("host", 2222, "[host]:2222")]
    public void Added_key_is_found_again_plain_and_hashed(string host, int port, string name)
    {
        foreach (bool hashed in new[] { false, true })
        {
            var files = new MockFileSystem();
            files.AddFile("/home/.ssh/known_hosts", new MockFileData("other ssh-rsa AAAA"));
            KnownHostsFile.Append(files, "/home/.ssh/known_hosts", name, KeyA, hashed);

            string text = files.File.ReadAllText("/home/.ssh/known_hosts");
            Assert.StartsWith("other ssh-rsa AAAA\n", text, StringComparison.Ordinal);
            Assert.EndsWith($" ssh-ed25519 {Convert.ToBase64String(KeyA)}\n", text, StringComparison.Ordinal);
            Assert.Equal(!hashed, text.Contains(name, StringComparison.Ordinal));
            Assert.Equal(HostKeyStatus.Known,
                KnownHosts.Read(files, ["/home/.ssh/known_hosts"]).Check(host, port, KeyA).Status);
        }
    }

    [Fact]
    public void Line_that_another_process_adds_meanwhile_is_not_overwritten()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere the file is opened as .NET does it");
        string file = Path.GetTempFileName();
        using (Stream one = KnownHostsFile.OpenToAppend(new FileSystem(), file), other = KnownHostsFile.OpenToAppend(new FileSystem(), file))
        {
            one.Write("first\n"u8);
            other.Write("second\n"u8);
            one.Write("third\n"u8);
        }

        string text = File.ReadAllText(file);
        File.Delete(file);
        Assert.Equal("first\nsecond\nthird\n", text);
    }

    [Fact]
    public void Types_come_in_the_order_of_the_files()
    {
        var files = new MockFileSystem();
        files.AddFile("/a", new MockFileData(Line("host", Rsa)));
        files.AddFile("/b", new MockFileData(Line("host", KeyA) + "\n" + Line("host", KeyB)));

        Assert.Equal(["ssh-rsa", "ssh-ed25519"], KnownHosts.Read(files, ["/a", "/missing", "/b"]).TypesFor("host", 22));
    }

    private static KnownHosts Read(params string[] lines)
    {
        var files = new MockFileSystem();
        files.AddFile("/kh", new MockFileData(string.Join('\n', lines)));
        return KnownHosts.Read(files, ["/kh"]);
    }

    private static string Line(string names, byte[] key) =>
        $"{names} {KnownHostsEntry.TypeOf(key)} {Convert.ToBase64String(key)}";

    private static byte[] Key(string type, char filler) =>
        [0, 0, 0, (byte)type.Length, .. Encoding.ASCII.GetBytes(type), 0, 0, 0, 2, (byte)filler, (byte)filler];
}
