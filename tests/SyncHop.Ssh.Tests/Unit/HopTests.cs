using CsCheck;
using SyncHop.Ssh.Transport;
using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

public sealed class HopTests
{
    [Theory]
    [InlineData("host", "host", null, null)]
    [InlineData("me@host", "host", null, "me")]
    [InlineData("me@x@host:22", "host", 22, "me@x")]
    [InlineData("[::1]:2222", "::1", 2222, null)]
    [InlineData("me@[fe80::1]", "fe80::1", null, "me")]
    [InlineData("::1", "::1", null, null)]
    [InlineData("ssh://me@host:1/", "host", 1, "me")]
    public void Hop_is_parsed(string text, string host, int? port, string? user) =>
        Assert.Equal(new Hop(host, port, user), Hop.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("@host")]
    [InlineData("me@")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:+1")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    [InlineData("-oProxyCommand=x")]
    public void Malformed_hop_is_an_error(string text) => Assert.Throws<FormatException>(() => Hop.Parse(text));

    [Theory]
    [InlineData("/key", "/key", null)]
    [InlineData("gw=/key", "/key", "gw")]
    [InlineData("me@gw=key=1", "key=1", "me@gw")]
    [InlineData("./a=b", "./a=b", null)]
    [InlineData("=x", "=x", null)]
    public void Identity_is_parsed(string value, string file, string? hop) =>
        Assert.Equal(new Identity(file, hop), Identity.Parse(value));

    [Fact]
    public void Message_names_the_hop_its_number_and_the_way()
    {
        var two = new HopException(HopFailureKind.Connect, 2, 3, "bar@target via foo@gw", "connection refused");
        var only = new HopException(HopFailureKind.Connect, 1, 1, "bar@target", "connection refused");

        Assert.Equal("hop 2 of 3, bar@target via foo@gw: connection refused", two.Message);
        Assert.Equal("bar@target: connection refused", only.Message);
    }

    [Fact]
    public void Text_from_the_network_becomes_one_harmless_line()
    {
        Assert.Equal("a b?[31mc", Printable.Line(" a\r\nb\u001b[31mc\n").Replace("  ", " ", StringComparison.Ordinal));
        Gen.String.Sample(text =>
        {
            string line = Printable.Line(text);
            Assert.True(line.Length <= 405);
            Assert.DoesNotContain(line, char.IsControl);
        });
    }

    [Fact]
    public void Pattern_matches_like_a_plain_recursive_one()
    {
        Gen<string> text = Gen.Char["ab"].Array[0, 8].Select(c => new string(c));
        Gen<string> pattern = Gen.Char["ab*?"].Array[0, 8].Select(c => new string(c));
        Gen.Select(pattern, text).Sample(
            (p, t) => Assert.Equal(Recursive(p, t), HostPattern.Matches(p, t)));
    }

    [Fact]
    public void Known_host_key_types_are_offered_first_and_sha1_never()
    {
        Assert.Equal(
            ["rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519"], Algorithms.OrderHostKeys(Algorithms.HostKeys, ["ssh-rsa"]).Take(3));
        Assert.Equal("ssh-ed25519", Algorithms.OrderHostKeys(Algorithms.HostKeys, [])[0]);
        Assert.DoesNotContain("ssh-rsa", Algorithms.OrderHostKeys(Algorithms.HostKeys, ["ssh-rsa"]));
    }

    private static bool Recursive(ReadOnlySpan<char> p, ReadOnlySpan<char> t) =>
        p.IsEmpty ? t.IsEmpty
        : p[0] == '*' ? Recursive(p[1..], t) || (!t.IsEmpty && Recursive(p, t[1..]))
        : !t.IsEmpty && (p[0] == '?' || p[0] == t[0]) && Recursive(p[1..], t[1..]);
}
