using System.Globalization;
using System.Text;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Transport;

/// <summary>The tokens of a command that a shell will run to reach a host.</summary>
internal static class CommandTokens
{
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

    // HostName and User of ssh_config may be anything. A shell takes away the backslash that ShellNames lets users have.
    private static string Safe(string what, string value) => ShellNames.IsHost(value)
        ? value
        : throw new LegException(HopFailureKind.Config, $"the {what} \"{Printable.Line(value)}\" cannot stand in a shell's command");
}
