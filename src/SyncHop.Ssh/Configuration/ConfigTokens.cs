using System.Globalization;
using System.Text;

namespace SyncHop.Ssh.Configuration;

/// <summary>The percent tokens of ssh_config(5) that file names may hold.</summary>
internal sealed class ConfigTokens(SshSettings settings, string alias, string hostName, int port, string user)
{
    /// <summary>Expands tokens and a leading <c>~/</c>; an unknown token stays as it is.</summary>
    public string ExpandPath(string path)
    {
        var result = new StringBuilder(path.Length);
        for (int i = 0; i < path.Length; i++)
        {
            string? value = path[i] == '%' && i + 1 < path.Length ? Value(path[i + 1]) : null;
            if (value is null)
            {
                result.Append(path[i]);
            }
            else
            {
                result.Append(value);
                i++;
            }
        }

        return settings.ExpandHome(result.ToString());
    }

    private string? Value(char token) => token switch
    {
        '%' => "%",
        'd' => settings.Home,
        'h' => hostName,
        'n' => alias,
        'p' => port.ToString(CultureInfo.InvariantCulture),
        'r' => user,
        'u' => settings.LocalUser,
        _ => null,
    };
}
