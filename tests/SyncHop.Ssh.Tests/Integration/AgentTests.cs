using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

public sealed class AgentTests : IDisposable
{
    private readonly SshLab _lab = new();
    private readonly TestAgent _agent;

    public AgentTests() => _agent = new TestAgent(_lab);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _agent.Dispose();
        _lab.Dispose();
    }

    [Theory]
    [InlineData("ed25519", "")]
    [InlineData("ecdsa", "521")]
    [InlineData("rsa", "2048")]
    public async Task Key_that_only_the_agent_has_lets_in(string type, string bits)
    {
        string key = _lab.CreateKey("held", type, more: bits.Length > 0 ? ["-b", bits] : []);
        _agent.Add(key);
        TestSshd server = Start(key, "PubkeyAcceptedAlgorithms ssh-ed25519,ecdsa-sha2-nistp521,rsa-sha2-512");
        File.Delete(key);

        await using HopChain chain = await Connect(FakePrompt.NoTerminal, server);

        Assert.Equal("publickey agent key held", chain.Reports[0].Authentication);
    }

    [Fact]
    public async Task Five_keys_in_the_agent_and_two_tries_are_no_problem_when_a_public_key_file_names_the_right_one()
    {
        string[] keys = [.. Enumerable.Range(0, 5).Select(i => _lab.CreateKey($"id{i}"))];
        foreach (string key in keys) _agent.Add(key);
        TestSshd server = Start(keys[3], "MaxAuthTries 2");
        File.Delete(keys[3]);

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(FakePrompt.NoTerminal, server));
        await using HopChain chain = await Connect(
            FakePrompt.NoTerminal, server, $"IdentityFile {keys[3]}.pub\nIdentitiesOnly yes\n");

        Assert.StartsWith("too many authentication failures", e.Reason, StringComparison.Ordinal);
        Assert.Equal($"publickey {keys[3]}.pub (agent)", chain.Reports[0].Authentication);
        Assert.Single(Offers(server).Skip(2));
    }

    [Fact]
    public async Task Order_is_configured_agent_keys_then_the_agents_others_then_files()
    {
        string[] keys = [.. Enumerable.Range(0, 4).Select(i => _lab.CreateKey($"id{i}"))];
        foreach (int i in new[] { 0, 1, 2 }) _agent.Add(keys[i]);
        TestSshd server = Start(_lab.UserKey, "MaxAuthTries 20");
        string config = $"IdentityFile {keys[3]}\nIdentityFile {keys[2]}\nIdentityFile {keys[1]}\n";

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(FakePrompt.NoTerminal, server, config));

        Assert.EndsWith(
            $"tried publickey {keys[1]} (agent), publickey {keys[2]} (agent), publickey agent key id0, publickey {keys[3]}",
            e.Reason, StringComparison.Ordinal);
        Assert.Equal([keys[1], keys[2], keys[0], keys[3]], Offers(server).Select(NameOf));

        string NameOf(string fingerprint) => keys.Single(
            k => SshLab.Run("ssh-keygen", ["-l", "-f", k + ".pub"]).Contains(fingerprint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task IdentitiesOnly_offers_no_key_that_is_not_configured()
    {
        string other = _lab.CreateKey("other");
        _agent.Add(other);
        TestSshd server = Start(other);

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(
            FakePrompt.NoTerminal, server, $"IdentityFile {_lab.UserKey}\nIdentitiesOnly yes\n"));

        Assert.EndsWith("; tried publickey " + _lab.UserKey, e.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passphrase_of_a_key_that_the_agent_has_is_not_asked()
    {
        string key = _lab.CreateKey("locked", passphrase: "secret");
        _agent.AddLocked(key, "secret");
        TestSshd server = Start(key);
        var prompt = new FakePrompt();

        await using HopChain chain = await Connect(prompt, server, $"IdentityFile {key}\n");

        Assert.Empty(prompt.Questions);
        Assert.Equal($"publickey {key} (agent)", chain.Reports[0].Authentication);
    }

    [Fact]
    public async Task Agent_that_refuses_to_sign_leaves_the_next_key()
    {
        string guarded = _lab.CreateKey("guarded"), other = _lab.CreateKey("other");
        _agent.Add(guarded, "-c");
        TestSshd server = _lab.Start("only", SshLab.PublicKey(guarded) + "\n" + SshLab.PublicKey(other));
        _lab.Trust(server);
        FakePrompt prompt = FakePrompt.NoTerminal;

        await using HopChain chain = await Connect(prompt, server, $"IdentityFile {other}\n");

        Assert.Equal("publickey " + other, chain.Reports[0].Authentication);
        Assert.Equal("the agent did not sign with guarded: it refused", Assert.Single(prompt.Warnings));
    }

    [Fact]
    public async Task Agent_that_is_gone_does_no_harm()
    {
        TestSshd server = Start(_lab.UserKey);
        _agent.Dispose();

        await using HopChain chain = await Connect(FakePrompt.NoTerminal, server, $"IdentityFile {_lab.UserKey}\n");

        Assert.Equal("publickey " + _lab.UserKey, chain.Reports[0].Authentication);
    }

    [Fact]
    public async Task Agent_that_is_gone_is_named_where_the_login_fails()
    {
        TestSshd server = Start(_lab.CreateKey("other"));
        _agent.Dispose();

        HopException e = await Assert.ThrowsAsync<HopException>(
            () => Connect(FakePrompt.NoTerminal, server, $"IdentityFile {_lab.UserKey}\n"));

        Assert.Contains($"; tried publickey {_lab.UserKey}; no agent at ", e.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00000005 0C 00000001")] // a key announced, none there
    [InlineData("00000009 0C 00000001 FFFFFFFF")] // a length beyond the answer
    [InlineData("7FFFFFFF 0C")] // an answer of 2 GiB
    [InlineData("00000000")]
    [InlineData("00000001 05")] // SSH_AGENT_FAILURE
    public async Task Malformed_answers_do_no_harm(string answer)
    {
        TestSshd server = Start(_lab.UserKey);
        using var agent = new FakeAgent(_lab, _ => Convert.FromHexString(answer.Replace(" ", "", StringComparison.Ordinal)));
        var prompt = new FakePrompt();

        await using HopChain chain = await Connect(
            prompt, server, $"IdentityFile {_lab.UserKey}\nIdentityAgent {agent.Socket}\n");

        Assert.Equal("publickey " + _lab.UserKey, chain.Reports[0].Authentication);
        Assert.StartsWith($"no agent at {agent.Socket}: ", Assert.Single(prompt.Warnings), StringComparison.Ordinal);
    }

    /// <summary>What a security token does (OpenSSH's PROTOCOL.u2f), with a key that is not in one.</summary>
    [Fact]
    public async Task Key_of_a_security_token_works_since_the_agent_signs()
    {
        const string Type = "sk-ecdsa-sha2-nistp256@openssh.com", Application = "ssh:";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECPoint q = key.ExportParameters(false).Q;
        byte[] blob = [.. FakeAgent.Text(Type), .. FakeAgent.Text("nistp256"),
            .. FakeAgent.Blob([4, .. q.X!, .. q.Y!]), .. FakeAgent.Text(Application)];
        using var agent = new FakeAgent(_lab, request => request[0] == 11
            ? FakeAgent.Blob([12, .. FakeAgent.Number(1), .. FakeAgent.Blob(blob), .. FakeAgent.Text("token")])
            : FakeAgent.Blob([14, .. FakeAgent.Blob(Sign(request))]));
        TestSshd server = _lab.Start("only", $"{Type} {Convert.ToBase64String(blob)}");
        _lab.Trust(server);

        await using HopChain chain = await Connect(FakePrompt.NoTerminal, server, $"IdentityAgent {agent.Socket}\n");

        Assert.Equal("publickey agent key token", chain.Reports[0].Authentication);

        byte[] Sign(byte[] request)
        {
            var reader = new WireReader(request.AsSpan(1));
            Assert.True(reader.TryReadString(out _) & reader.TryReadString(out ReadOnlySpan<byte> data));
            byte[] userPresent = [1, .. FakeAgent.Number(7)];
            byte[] message = [.. SHA256.HashData(Encoding.ASCII.GetBytes(Application)), .. userPresent, .. SHA256.HashData(data)];
            byte[] signature = key.SignData(message, HashAlgorithmName.SHA256);
            return [.. FakeAgent.Text(Type), .. FakeAgent.Blob([.. Integer(signature[..32]), .. Integer(signature[32..])]), .. userPresent];
        }

        static byte[] Integer(byte[] value) => FakeAgent.Blob(
            [.. value[0] >= 0x80 ? new byte[] { 0 } : [], .. value.SkipWhile(b => b == 0)]);
    }

    /// <summary>The same with Ed25519: the signature is over what the application, the flags, the counter and the data hash to.</summary>
    [Fact]
    public async Task Ed25519_key_of_a_security_token_works_since_the_agent_signs()
    {
        const string Type = "sk-ssh-ed25519@openssh.com", Application = "ssh:";
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());
        byte[] blob = [.. FakeAgent.Text(Type), .. FakeAgent.Blob(key.GeneratePublicKey().GetEncoded()), .. FakeAgent.Text(Application)];
        using var agent = new FakeAgent(_lab, request => request[0] == 11
            ? FakeAgent.Blob([12, .. FakeAgent.Number(1), .. FakeAgent.Blob(blob), .. FakeAgent.Text("token")])
            : FakeAgent.Blob([14, .. FakeAgent.Blob(Sign(request))]));
        TestSshd server = _lab.Start("only", $"{Type} {Convert.ToBase64String(blob)}");
        _lab.Trust(server);

        await using HopChain chain = await Connect(FakePrompt.NoTerminal, server, $"IdentityAgent {agent.Socket}\n");

        Assert.Equal("publickey agent key token", chain.Reports[0].Authentication);

        byte[] Sign(byte[] request)
        {
            var reader = new WireReader(request.AsSpan(1));
            Assert.True(reader.TryReadString(out _) & reader.TryReadString(out ReadOnlySpan<byte> data));
            byte[] userPresent = [1, .. FakeAgent.Number(7)];
            byte[] message = [.. SHA256.HashData(Encoding.ASCII.GetBytes(Application)), .. userPresent, .. SHA256.HashData(data)];
            var signer = new Ed25519Signer();
            signer.Init(forSigning: true, key);
            signer.BlockUpdate(message, 0, message.Length);
            return [.. FakeAgent.Text(Type), .. FakeAgent.Blob(signer.GenerateSignature()), .. userPresent];
        }
    }

    private static IEnumerable<string> Offers(TestSshd server) =>
        server.Log.Split('\n').Where(line => line.Contains(" publickey for ", StringComparison.Ordinal) && line.Contains("SHA256:", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf("SHA256:", StringComparison.Ordinal)..].Trim());

    private TestSshd Start(string key, string extra = "")
    {
        TestSshd server = _lab.Start("only", SshLab.PublicKey(key), extra);
        _lab.Trust(server);
        return server;
    }

    private Task<HopChain> Connect(FakePrompt prompt, TestSshd server, string config = "")
    {
        _lab.WriteConfig($"{config}IdentityAgent {_agent.Socket}\n");
        return HopChain.ConnectAsync([server.Hop], _lab.Settings with { Identities = [] }, prompt, Cancellation);
    }
}
