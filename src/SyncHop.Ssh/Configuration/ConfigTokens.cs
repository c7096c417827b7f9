using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace SyncHop.Ssh.Configuration;

/// <summary>The percent tokens and <c>${VARIABLES}</c> of ssh_config(5) for one hop.</summary>
internal sealed partial class ConfigTokens(SshSettings settings)
{
    /// <summary>What ProxyCommand takes.</summary>
    private const string ProxyTokens = "%hnpr";

    /// <summary>The name as typed.</summary>
    public required string Alias { get; init; }

    public required string HostName { get; init; }

    public required int Port { get; init; }

    public required string User { get; init; }

    /// <summary>The name under which the host key is looked up.</summary>
    public required string HostKeyName { get; init; }

    /// <summary>ProxyJump as written; empty for none.</summary>
    public required string Jump { get; init; }

    /// <summary>Expands tokens, variables and a leading <c>~/</c> of a file name.</summary>
    /// <exception cref="HopException">A token or a variable does not exist.</exception>
    public string ExpandPath(ConfigLine line, string path) => settings.ExpandHome(Expand(line, path, null, true));

    /// <summary>Expands tokens of ProxyCommand; its variables are the shell's business.</summary>
    /// <exception cref="HopException">A token does not exist.</exception>
    public string ExpandProxyCommand(ConfigLine line, string command) => Expand(line, command, ProxyTokens, false);

    /// <summary>Expands tokens of Match exec.</summary>
    /// <exception cref="HopException">A token does not exist.</exception>
    public string ExpandCommand(ConfigLine line, string command) => Expand(line, command, null, false);

    /// <summary>Expands HostName, whose <c>%h</c> is the name as typed.</summary>
    /// <exception cref="HopException">A token does not exist.</exception>
    public static string ExpandHostName(ConfigLine line, string alias) =>
        Replace(line, line.Single(), false, token => token switch { '%' => "%", 'h' => alias, _ => null }, _ => null);

    private string Expand(ConfigLine line, string text, string? allowed, bool variables) => Replace(
        line, text, variables,
        token => allowed is null || allowed.Contains(token, StringComparison.Ordinal) ? Value(token) : null,
        settings.EnvironmentVariable);

    private static string Replace(
        ConfigLine line, string text, bool variables, Func<char, string?> token, Func<string, string?> variable)
    {
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                char name = i + 1 < text.Length ? text[++i] : throw line.Error("a lone % at the end");
                result.Append(token(name) ?? throw line.Error($"unknown key %{name}"));
            }
            else if (variables && text[i] == '$' && i + 1 < text.Length && text[i + 1] == '{')
            {
                int end = text.IndexOf('}', i);
                if (end < 0) throw line.Error("environment variable without a closing brace");
                string name = text[(i + 2)..end];
                result.Append(variable(name) ?? throw line.Error($"env var ${{{name}}} has no value"));
                i = end;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    private string? Value(char token) => token switch
    {
        '%' => "%",
        'C' => ConnectionHash(),
        'd' => settings.Home,
        'h' => HostName,
        'i' => OperatingSystem.IsWindows() ? null : UserId().ToString(CultureInfo.InvariantCulture),
        'j' => Jump,
        'k' => HostKeyName,
        'L' => Dns.GetHostName().Split('.')[0],
        'l' => Dns.GetHostName(),
        'n' => Alias,
        'p' => Port.ToString(CultureInfo.InvariantCulture),
        'r' => User,
        'u' => settings.LocalUser,
        _ => null,
    };

    // ssh_config(5): "Hash of %l%h%p%r%j"; OpenSSH 9.2 leaves out %j, which is empty unless there is a ProxyJump.
    private string ConnectionHash()
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{Dns.GetHostName()}{HostName}{Port}{User}{Jump}");
#pragma warning disable CA5350 // A name for files, no secret; the algorithm is OpenSSH's.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "getuid")]
    private static partial uint UserId();
}
