namespace SyncHop.Ssh;

/// <summary>One host of a chain, as the user typed it; ssh_config may still rename it.</summary>
/// <param name="Host">A name, an alias of ssh_config, or an address (IPv6 without brackets).</param>
/// <param name="Port">The TCP port, or null for ssh_config's or 22.</param>
/// <param name="User">The login name, or null for ssh_config's or the local user's.</param>
public sealed record Hop(string Host, int? Port = null, string? User = null)
{
    /// <summary>Parses <c>[user@]host[:port]</c>, <c>[user@][ipv6][:port]</c> or <c>ssh://[user@]host[:port]</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Hop Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string rest = text.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase) ? text[6..].TrimEnd('/') : text;
        string? user = null;
        int at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            user = rest[..at];
            rest = rest[(at + 1)..];
        }

        string host = rest;
        string? port = null;
        if (rest.StartsWith('['))
        {
            int close = rest.IndexOf(']');
            if (close < 0 || (close + 1 < rest.Length && rest[close + 1] != ':')) throw Malformed(text);
            host = rest[1..close];
            port = close + 1 < rest.Length ? rest[(close + 2)..] : null;
        }
        else if (rest.IndexOf(':') is var colon and >= 0 && colon == rest.LastIndexOf(':'))
        {
            host = rest[..colon];
            port = rest[(colon + 1)..];
        }

        if (host.Length == 0 || user is { Length: 0 } || host.StartsWith('-')) throw Malformed(text);
        return new Hop(host, port is null ? null : ParsePort(port) ?? throw Malformed(text), user);
    }

    /// <summary>Whether an option means this hop: by its name as typed, alone or with its user or its port.</summary>
    public bool IsCalled(string name) =>
        string.Equals(name, Host, StringComparison.OrdinalIgnoreCase)
        || (User is not null && name == $"{User}@{Host}")
        || (Port is { } port && name == $"{Host}:{port.ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    internal static int? ParsePort(string text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, null, out int port) && port is > 0 and < 65536
            ? port
            : null;

    private static FormatException Malformed(string text) =>
        new($"\"{Printable.Line(text)}\" is not [user@]host[:port]");
}
