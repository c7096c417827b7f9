namespace SyncHop.Ssh;

/// <summary>What a proxy speaks.</summary>
public enum ProxyProtocol
{
    /// <summary>SOCKS version 5 (RFC 1928), with a password by RFC 1929.</summary>
    Socks5,

    /// <summary>SOCKS version 4A, whose proxy resolves names.</summary>
    Socks4,

    /// <summary>CONNECT of HTTP (RFC 9110, section 9.3.6), with a password by the Basic scheme.</summary>
    Http,
}

/// <summary>A proxy on the way to the first hop.</summary>
/// <param name="Protocol">What it speaks.</param>
/// <param name="Host">Its name or address (IPv6 without brackets), resolved here.</param>
/// <param name="Port">Its TCP port.</param>
/// <param name="User">The name to log in with; null for none.</param>
/// <param name="Password">The password; null to ask for it where there is a user.</param>
public sealed record ProxyAddress(
    ProxyProtocol Protocol, string Host, int Port, string? User = null, string? Password = null)
{
    /// <summary>Parses <c>socks5://[user[:password]@]host[:port]</c>, the same with <c>socks4://</c> or <c>http://</c>.</summary>
    /// <remarks>Percent signs in user and password encode bytes, as in a URL. Ports are 1080 and, for http, 3128, as
    /// in nc(1).</remarks>
    /// <exception cref="FormatException">The text is none of these; the message does not hold it, nor a password.</exception>
    public static ProxyAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        ProxyProtocol protocol = (scheme < 0 ? "" : text[..scheme].ToLowerInvariant()) switch
        {
            "socks5" or "socks5h" => ProxyProtocol.Socks5,
            "socks4" or "socks4a" => ProxyProtocol.Socks4,
            "http" => ProxyProtocol.Http,
            _ => throw new FormatException("a proxy is socks5://, socks4:// or http:// and a host"),
        };
        string rest = text[(scheme + 3)..].TrimEnd('/');
        string? user = null, password = null;
        int at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            string[] login = rest[..at].Split(':', 2);
            user = Uri.UnescapeDataString(login[0]);
            password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null;
            rest = rest[(at + 1)..];
        }

        Hop address;
        try
        {
            address = Hop.Parse(rest);
        }
        catch (FormatException)
        {
            throw new FormatException("the proxy's address is not host[:port]");
        }

        if (address.Host.Any(c => c <= ' ' || c == '/')) throw new FormatException("the proxy's address is not host[:port]");
        if (user is { Length: 0 }) throw new FormatException("the proxy's user name is empty");
        return new ProxyAddress(
            protocol, address.Host, address.Port ?? (protocol == ProxyProtocol.Http ? 3128 : 1080), user, password);
    }

    /// <summary>The address without the user and the password.</summary>
    public override string ToString() =>
        $"{Protocol.ToString().ToLowerInvariant()}://{(Host.Contains(':') ? $"[{Host}]" : Printable.Line(Host))}:{Port}";
}
