using System.Globalization;
using System.Text;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Transport;

/// <summary>The tokens of a command that a shell will run to reach a host.</summary>
internal static class CommandTokens
{
    // OpenSSH refuses the same since 9.6 (CVE-2023-51385): a name must not become a command.
    private const string ShellCharacters = "'`\"$\\;&<>|(){}";

    /// <summary>Replaces <c>%h</c>, <c>%p</c>, <c>%r</c>, <c>%n</c> and <c>%%</c>.</summary>
    /// <exception cref="LegException">The token is unknown, or its value would mean something to the shell.</exception>
    public static string Expand(string command, HopSettings hop)
    {
        var result = new StringBuilder(command.Length + 64);
        for (int i = 0; i < command.Length; i++)
        {
            if (command[i] != '%')
            {
                result.Append(command[i]);
                continue;
            }

            char token = ++i < command.Length ? command[i] : ' ';
            result.Append(token switch
            {
                '%' => "%",
                'h' => Safe("host name", hop.HostName),
                'n' => Safe("host name", hop.Hop.Host),
                'p' => hop.Port.ToString(CultureInfo.InvariantCulture),
                'r' => Safe("user name", hop.User),
                _ => throw new LegException(
                    HopFailureKind.Config, $"\"%{Printable.Line(token.ToString())}\" in \"{Printable.Line(command)}\" is unknown"),
            });
        }

        return result.ToString();
    }

    /// <summary>Refuses a hop whose names a shell would not take as plain words.</summary>
    /// <exception cref="LegException">One of them.</exception>
    public static void RequireSafe(HopSettings hop)
    {
        Safe("host name", hop.HostName);
        Safe("host name", hop.Hop.Host);
        Safe("user name", hop.User);
    }

    private static string Safe(string what, string value) =>
        value.StartsWith('-') || value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || ShellCharacters.Contains(c))
            ? throw new LegException(
                HopFailureKind.Config, $"the {what} \"{Printable.Line(value)}\" cannot stand in a shell's command")
            : value;
}
