using System.Globalization;
using SyncHop.Cli.Arguments;

namespace SyncHop.Cli.Endpoints;

/// <summary>Reads and checks one <c>[user@]host</c> and its port.</summary>
internal static class HopParser
{
    /// <summary>Makes the address of a hop.</summary>
    /// <param name="argument">The whole argument, for messages.</param>
    /// <param name="text"><c>[user@]host</c>, the host perhaps in brackets.</param>
    /// <param name="port">The port's digits; null for none.</param>
    /// <param name="number">The hop's place in the chain, from 1.</param>
    /// <param name="last">Whether it is the host that has the path.</param>
    /// <param name="decode">Applied to user and host after they are told apart: percent-decoding in a URL.</param>
    /// <exception cref="CommandException">Host or user is empty or impossible, or the port is not 1..65535.</exception>
    public static HopAddress Parse(
        string argument, ReadOnlySpan<char> text, string? port, int number, bool last, Func<string, string>? decode = null)
    {
        CommandException Refusal(string reason) => CommandException.Usage($"{argument}: {reason}");
        string what = last ? "the host" : string.Create(CultureInfo.InvariantCulture, $"hop {number}");
        int at = text.LastIndexOf('@');
        string? user = at < 0 ? null : text[..at].ToString();
        string host = text[(at + 1)..].ToString();
        if (host is ['[', .., ']']) host = host[1..^1];
        else if (host.AsSpan().ContainsAny('[', ']')) throw Refusal($"malformed brackets in the name of {what}");

        if (decode is not null)
        {
            user = user is null ? null : decode(user);
            host = decode(host);
        }

        if (host.Length == 0) throw Refusal($"the name of {what} is empty");
        if (user is { Length: 0 }) throw Refusal($"the user name of {what} is empty");
        if (host[0] == '-') throw Refusal("host names may not start with '-'");
        if (Impossible(host, " /@,")) throw Refusal($"impossible character in the name of {what}");
        if (user is not null && Impossible(user, "")) throw Refusal($"impossible character in the user name of {what}");
        return new HopAddress(host, port is null ? null : ParsePort(argument, port), user);
    }

    /// <summary>The number that <paramref name="digits"/> is.</summary>
    /// <exception cref="CommandException">It is not 1..65535.</exception>
    public static int ParsePort(string argument, string digits)
    {
        bool valid = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int port);
        return valid && port is >= 1 and <= 65535 ? port : throw CommandException.Usage($"{argument}: port {digits} is not in 1..65535");
    }

    private static bool Impossible(string name, string forbidden)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsControl(name[i]) || forbidden.Contains(name[i], StringComparison.Ordinal)) return true;
            if (char.IsSurrogatePair(name, i)) i++;
            else if (ByteString.IsEscape(name[i])) return true; // RFC 4252 section 5: a user name is UTF-8.
        }

        return false;
    }
}
