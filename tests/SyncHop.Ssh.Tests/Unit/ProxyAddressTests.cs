using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

public sealed class ProxyAddressTests
{
    [Theory]
    [InlineData("socks5://h:1", ProxyProtocol.Socks5, "h", 1, null, null)]
    [InlineData("SOCKS4://u@h", ProxyProtocol.Socks4, "h", 1080, "u", null)]
    [InlineData("http://u:p%3aw%40@h/", ProxyProtocol.Http, "h", 3128, "u", "p:w@")]
    [InlineData("http://u:a:b@[::1]:8080", ProxyProtocol.Http, "::1", 8080, "u", "a:b")]
    public void Parts_are_read(string text, ProxyProtocol protocol, string host, int port, string? user, string? password) =>
        Assert.Equal(new ProxyAddress(protocol, host, port, user, password), ProxyAddress.Parse(text));

    [Theory]
    [InlineData("h:1080")]
    [InlineData("ftp://u:secret@h")]
    [InlineData("socks5://u:secret@")]
    [InlineData("socks5://:secret@h")]
    [InlineData("socks5://u:secret@h:0")]
    [InlineData("socks5://u:secret@h:65536")]
    [InlineData("socks5://u:secret@h/path")]
    public void What_is_no_proxy_is_refused_without_showing_the_password(string text)
    {
        FormatException e = Assert.Throws<FormatException>(() => ProxyAddress.Parse(text));

        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_holds_no_password() =>
        Assert.Equal("http://[::1]:3128", ProxyAddress.Parse("http://u:secret@[::1]").ToString());
}
