using System.Globalization;
using System.Net.Sockets;

namespace SyncHop.Ssh.Configuration;

/// <summary>Reads the value of a directive as what its keyword takes; each throws a <see cref="HopException"/> that
/// names file and line when it is something else.</summary>
internal static class ConfigValue
{
    public static string Text(ConfigLine line) =>
        line.Single() is { Length: > 0 } text ? text : throw line.Error($"{line.Keyword} has no value");

    public static int Number(ConfigLine line, int minimum, int maximum) =>
        int.TryParse(line.Single(), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number >= minimum && number <= maximum
            ? number
            : throw line.Error($"\"{line.Single()}\" is not a number {line.Keyword} takes");

    public static int Port(ConfigLine line) => line.Single() == "ssh" ? 22 : Number(line, 1, 65535);

    public static bool Flag(ConfigLine line) => line.Single().ToLowerInvariant() switch
    {
        "yes" or "true" => true,
        "no" or "false" => false,
        var other => throw line.Error($"\"{other}\" is neither yes nor no"),
    };

    /// <summary>PubkeyAuthentication also says how; we sign the same either way.</summary>
    public static bool PublicKeyFlag(ConfigLine line) =>
        line.Single().ToLowerInvariant() is "unbound" or "host-bound" || Flag(line);

    /// <summary>A time in sshd_config(5)'s formats: <c>90</c>, <c>1m30s</c>, <c>none</c> (null).</summary>
    public static TimeSpan? Time(ConfigLine line)
    {
        string text = line.Single();
        return text.Equals("none", StringComparison.OrdinalIgnoreCase) ? null : Time(line, text);
    }

    public static AlgorithmList Ciphers(ConfigLine line) => Algorithms(line, AlgorithmNames.Ciphers);

    public static AlgorithmList Macs(ConfigLine line) => Algorithms(line, AlgorithmNames.Macs);

    public static AlgorithmList KeyExchanges(ConfigLine line) => Algorithms(line, AlgorithmNames.KeyExchanges);

    public static AlgorithmList Keys(ConfigLine line) => Algorithms(line, AlgorithmNames.Keys);

    public static AddressFamily Family(ConfigLine line) => line.Single().ToLowerInvariant() switch
    {
        "any" => AddressFamily.Unspecified,
        "inet" => AddressFamily.InterNetwork,
        "inet6" => AddressFamily.InterNetworkV6,
        var other => throw line.Error($"unsupported option \"{other}\""),
    };

    public static UnknownHostKey Strictness(ConfigLine line) => line.Single().ToLowerInvariant() switch
    {
        "ask" => UnknownHostKey.Ask,
        "yes" or "true" => UnknownHostKey.Refuse,
        "accept-new" => UnknownHostKey.Accept,
        "no" or "false" or "off" => UnknownHostKey.AcceptAll,
        var other => throw line.Error($"{line.Keyword} \"{other}\" is unknown"),
    };

    public static SshLogLevel LogLevel(ConfigLine line) => line.Single().ToUpperInvariant() switch
    {
        "QUIET" or "SILENT" => SshLogLevel.Quiet,
        "FATAL" => SshLogLevel.Fatal,
        "ERROR" => SshLogLevel.Error,
        "INFO" => SshLogLevel.Info,
        "VERBOSE" => SshLogLevel.Verbose,
        "DEBUG" or "DEBUG1" => SshLogLevel.Debug1,
        "DEBUG2" => SshLogLevel.Debug2,
        "DEBUG3" => SshLogLevel.Debug3,
        var other => throw line.Error($"unsupported log level '{other}'"),
    };

    /// <summary>Amount and time after which keys are renewed; both as written are checked, nothing is returned.</summary>
    public static void RekeyLimit(ConfigLine line)
    {
        string amount = line.Arguments[0].ToUpperInvariant();
        string digits = amount.TrimEnd('K', 'M', 'G');
        bool valid = amount is "DEFAULT" or "NONE"
            || (amount.Length - digits.Length <= 1 && ulong.TryParse(digits, NumberStyles.None, null, out _));
        if (!valid) throw line.Error($"\"{line.Arguments[0]}\" is not an amount of data");
        if (line.Arguments.Count > 2) throw line.Error("keyword rekeylimit extra arguments at end of line");
        if (line.Arguments.Count == 2 && !line.Arguments[1].Equals("none", StringComparison.OrdinalIgnoreCase))
            Time(line, line.Arguments[1]);
    }

    /// <summary>The gateways of ProxyJump, none for <c>none</c>.</summary>
    public static IReadOnlyList<Hop> Jump(ConfigLine line)
    {
        string text = Text(line);
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) return [];
        try
        {
            var hops = text.Split(',').Select(Hop.Parse).ToList();
            hops.ForEach(ShellNames.Require);
            return hops;
        }
        catch (Exception e) when (e is FormatException or HopException)
        {
            throw line.Error("ProxyJump: " + e.Message);
        }
    }

    private static AlgorithmList Algorithms(ConfigLine line, AlgorithmNames known)
    {
        try
        {
            return AlgorithmList.Parse(line.Single(), known);
        }
        catch (FormatException e)
        {
            throw line.Error(e.Message);
        }
    }

    private static TimeSpan Time(ConfigLine line, string text)
    {
        long total = 0, number = -1;
        foreach (char c in text.ToLowerInvariant())
        {
            if (char.IsAsciiDigit(c))
            {
                number = Math.Max(number, 0) * 10 + (c - '0');
            }
            else
            {
                int unit = c switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 0 };
                if (unit == 0 || number < 0) throw line.Error($"\"{text}\" is not a time");
                total += number * unit;
                number = -1;
            }

            if (Math.Max(total, number) > int.MaxValue / 1000) throw line.Error($"\"{text}\" is too long a time");
        }

        return TimeSpan.FromSeconds(total + Math.Max(number, 0));
    }
}
