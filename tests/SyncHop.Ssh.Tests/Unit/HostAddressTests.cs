using System.IO.Abstractions.TestingHelpers;
using System.Net;
using SyncHop.Ssh.Configuration;
using SyncHop.Ssh.HostKeys;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

/// <summary>CheckHostIP, which does not apply to the loopback addresses that the other tests connect to.</summary>
public sealed class HostAddressTests
{
    private static readonly byte[] Key = Blob(1), Other = Blob(2);
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.7");

    private readonly List<string> _remembered = [];

    [Theory]
    [InlineData("192.0.2.7", true, true)]
    [InlineData("127.0.0.3", true, false)]
    [InlineData("::1", true, false)]
    [InlineData("192.0.2.1", true, false)] // the name itself
    [InlineData("192.0.2.7", false, false)]
    [InlineData(null, true, false)] // through a gateway or a program
    public void Applies_to_a_host_reached_directly_by_name(string? address, bool isWanted, bool applies) =>
        Assert.Equal(applies, HostAddressCheck.Applies(
            Hop($"CheckHostIP {(isWanted ? "yes" : "no")}\n", "192.0.2.1"), address is null ? null : IPAddress.Parse(address)));

    [Theory]
    [InlineData("ask", "192.0.2.7")]
    [InlineData("accept-new", "192.0.2.7")]
    [InlineData("no", "192.0.2.7")]
    [InlineData("yes", null)]
    public void Unknown_address_is_added_unless_nothing_may_be(string strictness, string? remembered)
    {
        Assert.Null(Refusal("", strictness, FakePrompt.NoTerminal));
        Assert.Equal(remembered is null ? [] : [remembered], _remembered);
    }

    [Theory]
    [InlineData("yes", null, false)]
    [InlineData("ask", null, false)]
    [InlineData("ask", "no", false)]
    [InlineData("ask", "yes", true)]
    [InlineData("accept-new", null, true)]
    [InlineData("no", null, true)]
    public void Other_key_at_the_address_is_a_warning_and_with_strictness_the_end(string strictness, string? answer, bool goesOn)
    {
        FakePrompt prompt = answer is null ? FakePrompt.NoTerminal : new FakePrompt(answer);
        string? refusal = Refusal(Line(Other), strictness, prompt);

        Assert.Equal(goesOn, refusal is null);
        Assert.Equal("WARNING: the host key of name differs from the one for its address 192.0.2.7 in /known:1", Assert.Single(prompt.Warnings));
        Assert.Empty(_remembered);
    }

    [Fact]
    public void Same_key_is_fine_and_a_revoked_one_is_not()
    {
        var prompt = new FakePrompt();
        Assert.Null(Refusal(Line(Key), "yes", prompt));
        Assert.Contains("revoked", Refusal("@revoked " + Line(Key), "no", prompt), StringComparison.Ordinal);
        Assert.Empty(prompt.Warnings);
    }

    private string? Refusal(string knownHosts, string strictness, FakePrompt prompt)
    {
        var files = new MockFileSystem();
        files.AddFile("/known", new MockFileData(knownHosts));
        return HostAddressCheck.Refusal(
            KnownHosts.Read(files, ["/known"]), Hop($"StrictHostKeyChecking {strictness}\n", "name"), Address, Key, prompt, _remembered.Add);
    }

    private static HopSettings Hop(string config, string name)
    {
        var files = new MockFileSystem();
        files.AddFile("/home/me/.ssh/config", new MockFileData(config));
        var settings = new SshSettings { Home = "/home/me", LocalUser = "me", FileSystem = files };
        return new ConfigResolver(settings, [], new ConfigReader(settings).ReadAll(), _ => { }).Resolve(new Hop(name), false);
    }

    private static string Line(byte[] key) => $"192.0.2.7 ssh-ed25519 {Convert.ToBase64String(key)}\n";

    private static byte[] Blob(byte value) =>
        [.. FakeAgent.Text("ssh-ed25519"), .. FakeAgent.Blob([.. Enumerable.Repeat(value, 32)])];
}
