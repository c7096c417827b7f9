using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

public sealed class UserCertificateTests : IDisposable
{
    private readonly SshLab _lab = new();
    private readonly string _authority;

    public UserCertificateTests() => _authority = _lab.CreateKey("ca");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("ed25519", "")]
    [InlineData("ecdsa", "384")]
    [InlineData("rsa", "2048")]
    public async Task Certificate_beside_the_key_lets_in(string type, string bits)
    {
        string key = _lab.CreateKey("id", type, more: bits.Length > 0 ? ["-b", bits] : []);
        Certify(key);

        await using HopChain chain = await Connect(Start(), $"IdentityFile {key}\n");

        Assert.Equal($"publickey {key} (certificate alice)", chain.Reports[0].Authentication);
    }

    [Fact]
    public async Task Certificate_that_CertificateFile_names_is_offered_first_with_its_key()
    {
        string key = _lab.CreateKey("id"), elsewhere = Path.Combine(_lab.Directory, "elsewhere.pub");
        File.Move(Certify(key), elsewhere);

        await using HopChain chain = await Connect(
            Start("MaxAuthTries 1"), $"IdentityFile {_lab.UserKey}\nIdentityFile {key}\nCertificateFile {elsewhere}\n");

        Assert.Equal($"publickey {elsewhere} (certificate alice)", chain.Reports[0].Authentication);
    }

    [Fact]
    public async Task Agent_signs_for_a_certificate_that_only_a_file_has()
    {
        string key = _lab.CreateKey("id", "rsa", more: ["-b", "2048"]);
        using var agent = new TestAgent(_lab);
        agent.Add(key);
        string certificate = Certify(key);
        File.Delete(key);

        await using HopChain chain = await Connect(Start(), $"IdentityAgent {agent.Socket}\nCertificateFile {certificate}\n");

        Assert.Equal($"publickey {certificate} (certificate alice)", chain.Reports[0].Authentication);
    }

    [Fact]
    public async Task Certificate_in_the_agent_lets_in()
    {
        string key = _lab.CreateKey("id");
        string certificate = Certify(key);
        using var agent = new TestAgent(_lab);
        agent.Add(key);
        File.Delete(key);
        File.Delete(certificate);

        await using HopChain chain = await Connect(Start(), $"IdentityAgent {agent.Socket}\n");

        Assert.Equal("publickey agent key id", chain.Reports[0].Authentication);
    }

    [Fact]
    public async Task File_that_is_no_certificate_is_named()
    {
        var prompt = new FakePrompt();
        TestSshd server = _lab.Start("only");
        _lab.Trust(server);
        _lab.WriteConfig($"IdentityFile {_lab.UserKey}\nCertificateFile {_lab.UserKey}.pub\n");

        await using HopChain chain = await HopChain.ConnectAsync([server.Hop], Settings, prompt, Cancellation);

        Assert.Equal($"{_lab.UserKey}.pub is not a user certificate", Assert.Single(prompt.Warnings));
        Assert.Equal("publickey " + _lab.UserKey, chain.Reports[0].Authentication);
    }

    private SshSettings Settings => _lab.Settings with { Identities = [] };

    private string Certify(string key)
    {
        SshLab.Run("ssh-keygen", ["-q", "-s", _authority, "-I", "alice", "-n", Environment.UserName, key + ".pub"]);
        return key + "-cert.pub";
    }

    private TestSshd Start(string extra = "")
    {
        TestSshd server = _lab.Start("only", "", $"TrustedUserCAKeys {_authority}.pub\n{extra}");
        _lab.Trust(server);
        return server;
    }

    private Task<HopChain> Connect(TestSshd server, string config)
    {
        _lab.WriteConfig(config);
        return HopChain.ConnectAsync([server.Hop], Settings, FakePrompt.NoTerminal, Cancellation);
    }
}
