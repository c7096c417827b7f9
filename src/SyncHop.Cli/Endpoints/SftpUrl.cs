using System.Globalization;
using SyncHop.Cli.Arguments;

namespace SyncHop.Cli.Endpoints;

/// <summary>
/// Reads <c>sftp://[USER@]HOP[:PORT],…,[USER@]HOST[:PORT][/PATH]</c>. Users, hosts and the path are percent-decoded
/// (RFC 3986 section 2.1), to bytes in the path; <c>?</c> and <c>#</c> are ordinary characters of it. The path is absolute,
/// as in curl and lftp; <c>/~/x</c> and <c>/./x</c> are <c>x</c> in the home directory, <c>/~user/x</c> is in that user's. No
/// path is the home directory.
/// </summary>
internal static class SftpUrl
{
    /// <summary>Reads a URL whose scheme is <c>sftp</c>.</summary>
    /// <exception cref="CommandException">It is malformed, or has a password.</exception>
    public static RemoteEndpoint Parse(string argument)
    {
        string rest = argument[(argument.IndexOf("://", StringComparison.Ordinal) + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string[] authorities = (slash < 0 ? rest : rest[..slash]).Split(',');
        List<HopAddress> hops = [];
        for (int i = 0; i < authorities.Length; i++)
            hops.Add(ParseHop(argument, authorities[i], i + 1, last: i == authorities.Length - 1));
        return new RemoteEndpoint(hops, slash < 0 ? [] : ParsePath(argument, rest[slash..]));
    }

    private static HopAddress ParseHop(string argument, string authority, int number, bool last)
    {
        int at = authority.LastIndexOf('@');
        if (at >= 0 && authority.AsSpan(0, at).Contains(':'))
            throw CommandException.Usage($"{argument}: a password in a URL is not accepted");

        int hostStart = at + 1;
        int bracket = authority.IndexOf(']', hostStart);
        int colon = authority.IndexOf(':', bracket < 0 ? hostStart : bracket);
        string? port = colon < 0 || colon + 1 == authority.Length ? null : authority[(colon + 1)..];
        ReadOnlySpan<char> name = colon < 0 ? authority : authority.AsSpan(0, colon);
        return HopParser.Parse(argument, name, port, number, last, text => ByteString.Decode(PercentDecode(argument, text)));
    }

    private static byte[] ParsePath(string argument, string path)
    {
        byte[] decoded = PercentDecode(argument, path);
        ReadOnlySpan<byte> bytes = decoded;
        if (bytes.SequenceEqual("/~"u8) || bytes.StartsWith("/~/"u8)) return [(byte)'.', .. bytes[2..]];
        bool relative = bytes.SequenceEqual("/."u8) || bytes.StartsWith("/./"u8) || bytes.StartsWith("/~"u8);
        return relative ? decoded[1..] : decoded;
    }

    private static byte[] PercentDecode(string argument, string text)
    {
        byte[] bytes = ByteString.Encode(text);
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            if (b == '%')
            {
                ReadOnlySpan<byte> digits = bytes.AsSpan(i + 1, Math.Min(2, bytes.Length - i - 1));
                bool valid = byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out b);
                if (!valid || digits.Length < 2 || b == 0)
                    throw CommandException.Usage($"{argument}: malformed percent-encoding");
                i += 2;
            }

            bytes[length++] = b;
        }

        return bytes[..length];
    }
}
