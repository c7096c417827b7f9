using System.Net;
using System.Net.Sockets;
using SyncHop.Cli.Arguments;
using SyncHop.Engine;

namespace SyncHop.Cli.Endpoints;

/// <summary>
/// Reads <c>PATH</c>, <c>[USER@]HOP[:PORT],…,[USER@]HOST[:PORT]:PATH</c> and <c>sftp://</c> URLs. Nothing is looked up:
/// the text alone decides.
/// <list type="bullet">
/// <item>What has no colon before its first slash is local, as in rsync(1): <c>./a,b:c</c> and <c>a/b:c</c> are local.</item>
/// <item>Commas before the colon separate hops, so neither a host nor a user name can have one here; an <c>sftp://</c>
/// URL takes a user's comma as <c>%2C</c>.</item>
/// <item>The last <c>@</c> of a hop ends its user's name, which may have others.</item>
/// <item><c>host:22:path</c> has a port, as digits stand between two colons; <c>host:22</c> is the path <c>22</c>. A path
/// that reads as a port or as more hops is written <c>host:./22:x</c>.</item>
/// <item>An IPv6 address stands in brackets, as <c>::</c> means rsync's daemon. <c>[x]y:z</c>,
/// where the brackets hold no whole host, is local, as in rsync.</item>
/// <item><c>:path</c> is a path on the host of the source before.</item>
/// <item><c>host::module</c> and <c>rsync://</c> are rsync's daemon, which is not spoken here: exit code 4.</item>
/// </list>
/// </summary>
internal static class EndpointParser
{
    /// <summary>Reads one argument.</summary>
    /// <exception cref="CommandException">It is remote, but malformed or of a kind not supported.</exception>
    public static Endpoint Parse(string argument)
    {
        if (SchemeOf(argument) is { } scheme) return ParseUrl(argument, scheme);

        int slash = argument.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> head = slash < 0 ? argument : argument.AsSpan(0, slash);
        if (!head.Contains(':') || IsBracketedName(argument)) return new LocalEndpoint(ByteString.Encode(argument));
        if (head[0] == ':' && !argument.StartsWith("::", StringComparison.Ordinal))
            return new RemoteEndpoint([], ByteString.Encode(argument.AsSpan(1)));
        return ParseChain(argument);
    }

    private static string? SchemeOf(string argument)
    {
        int end = argument.IndexOf("://", StringComparison.Ordinal);
        return end > 0 && argument.AsSpan(0, end).IndexOfAnyExcept(SchemeCharacters) < 0 ? argument[..end] : null;
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static RemoteEndpoint ParseUrl(string argument, string scheme)
    {
        if (scheme.Equals("sftp", StringComparison.OrdinalIgnoreCase)) return SftpUrl.Parse(argument);
        if (scheme.Equals("rsync", StringComparison.OrdinalIgnoreCase)) throw Daemon(argument);
        throw CommandException.Usage($"{argument}: unknown URL scheme (sftp:// is the only one)");
    }

    /// <summary>Whether the argument begins like a bracketed host (<c>[u@]b</c>) but goes on as a name: <c>[x]y:z</c>.</summary>
    private static bool IsBracketedName(string argument)
    {
        if (argument[0] != '[') return false;
        int close = argument.IndexOf(']', StringComparison.Ordinal);
        return close < 0 || close + 1 == argument.Length || argument[close + 1] is not (':' or ',');
    }

    private static RemoteEndpoint ParseChain(string argument)
    {
        List<HopAddress> hops = [];
        int start = 0;
        while (true)
        {
            int hostEnd = HostEnd(argument, start);
            // A slash or the end before the chain's last colon: "gw:22,host" and "gw:22,dir/x".
            if (hostEnd == argument.Length || argument[hostEnd] == '/')
                throw CommandException.Usage($"{argument}: no colon after the last host");

            ReadOnlySpan<char> host = argument.AsSpan(start, hostEnd - start);
            string? port = null;
            int next = hostEnd;
            if (argument[hostEnd] == ':' && PortEnd(argument, hostEnd + 1) is { } portEnd)
            {
                port = argument[(hostEnd + 1)..portEnd];
                next = portEnd;
            }

            bool last = argument[next] == ':';
            if (last && port is null && next + 1 < argument.Length && argument[next + 1] == ':') throw Daemon(argument);
            hops.Add(HopParser.Parse(argument, host, port, hops.Count + 1, last));
            start = next + 1;
            if (last) return new RemoteEndpoint(hops, ByteString.Encode(argument.AsSpan(start)));
        }
    }

    /// <summary>Where the <c>[user@]host</c> that begins at <paramref name="start"/> ends.</summary>
    private static int HostEnd(string argument, int start)
    {
        int end = IndexOfAny(argument, ",:/[", start);
        bool bracket = end < argument.Length && argument[end] == '[' && (end == start || argument[end - 1] == '@');
        if (!bracket) return IndexOfAny(argument, ",:/", start);
        int close = argument.IndexOf(']', end);
        return close < 0 ? argument.Length : IndexOfAny(argument, ",:/", close + 1);
    }

    /// <summary>The end of the digits at <paramref name="start"/> if they stand before a colon or a comma; otherwise null.</summary>
    private static int? PortEnd(string argument, int start)
    {
        int end = start;
        while (end < argument.Length && char.IsAsciiDigit(argument[end])) end++;
        return end > start && end < argument.Length && argument[end] is ':' or ',' ? end : null;
    }

    private static int IndexOfAny(string text, string characters, int start)
    {
        int index = text.AsSpan(start).IndexOfAny(characters);
        return index < 0 ? text.Length : start + index;
    }

    private static CommandException Daemon(string argument)
    {
        int slash = argument.IndexOf('/', StringComparison.Ordinal);
        string head = slash < 0 ? argument : argument[..slash];
        int start = head.LastIndexOfAny([',', '@']) + 1, colon = head.LastIndexOf(':');
        string address = colon > start ? head[start..colon] : "";
        return IPAddress.TryParse(address, out IPAddress? ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 && address[0] != '['
            ? CommandException.Usage($"{argument}: an IPv6 address needs brackets: [{address}]{argument[colon..]}")
            : new CommandException(ExitCode.Unsupported, $"{argument}: synchop speaks SFTP over SSH, not rsync's daemon protocol");
    }
}
