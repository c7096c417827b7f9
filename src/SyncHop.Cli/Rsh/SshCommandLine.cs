namespace SyncHop.Cli.Rsh;

/// <summary>
/// What the command line of ssh says, read instead of run. Its options are directives of ssh_config for the final host.
/// </summary>
/// <param name="Directives">For the final host, in the order given, as <c>ssh -o</c> takes them.</param>
/// <param name="ConfigFile"><c>-F</c>: replaces the usual ssh_config files for all hops; null where not given.</param>
internal sealed record SshCommandLine(IReadOnlyList<string> Directives, string? ConfigFile)
{
    // ssh(1): the options that take a value, and those of them that change nothing here.
    private const string WithValue = "BDEFIJLOQRSWbceilmopw";
    private const string IgnoredWithValue = "DEILRSe";

    // Terminal, X11, agent and port forwarding, background: nothing of it touches a copy.
    private const string IgnoredFlags = "AKMTXYafgknty";

    /// <summary>Reads the value of <c>--rsh</c> or RSYNC_RSH.</summary>
    /// <param name="command">The value.</param>
    /// <param name="origin">Where it was given, for messages.</param>
    /// <exception cref="CommandException">The program is not ssh, or an option is not understood.</exception>
    public static SshCommandLine Parse(string command, string origin = "--rsh")
    {
        string given = $"{origin}={command}";
        List<string> words = CommandWords.Split(command);
        if (words.Count == 0) throw CommandException.Usage($"{origin}: the command is empty");
        string program = words[0][(words[0].LastIndexOf('/') + 1)..];
        if (program is not ("ssh" or "ssh.exe"))
            throw CommandException.Usage($"{given}: synchop speaks SSH itself and reads only ssh's command line, not that of {program}");

        List<string> directives = [];
        string? configFile = null;
        for (int i = 1; i < words.Count; i++)
        {
            string word = words[i];
            if (word is not ['-', not '-', ..])
                throw CommandException.Usage($"{given}: \"{word}\" is not an option of ssh; the host stands in the source or destination");
            for (int j = 1; j < word.Length; j++)
            {
                char option = word[j];
                if (!WithValue.Contains(option, StringComparison.Ordinal))
                {
                    AddFlag(directives, given, option);
                    continue;
                }

                string value = word[(j + 1)..];
                if (value.Length == 0)
                    value = ++i < words.Count ? words[i] : throw CommandException.Usage($"{given}: -{option} needs a value");
                if (option == 'F') configFile = value;
                else AddValue(directives, given, option, value);
                break;
            }
        }

        return new SshCommandLine(directives, configFile);
    }

    private static void AddFlag(List<string> directives, string given, char option)
    {
        string? directive = option switch
        {
            '4' => "AddressFamily=inet",
            '6' => "AddressFamily=inet6",
            'C' => "Compression=yes",
            'q' => "LogLevel=QUIET",
            'v' => "LogLevel=VERBOSE",
            'x' => "ForwardX11=no",
            _ when IgnoredFlags.Contains(option, StringComparison.Ordinal) => null,
            _ => throw NotUnderstood(given, option),
        };
        if (directive is not null) directives.Add(directive);
    }

    private static void AddValue(List<string> directives, string given, char option, string value)
    {
        string? directive = option switch
        {
            'o' => value,
            'p' => "Port=" + Quote(value),
            'l' => "User=" + Quote(value),
            'i' => "IdentityFile=" + Quote(value),
            'J' => "ProxyJump=" + value,
            'c' => "Ciphers=" + Quote(value),
            'm' => "MACs=" + Quote(value),
            'b' => "BindAddress=" + Quote(value),
            'B' => "BindInterface=" + Quote(value),
            _ when IgnoredWithValue.Contains(option, StringComparison.Ordinal) => null,
            _ => throw NotUnderstood(given, option),
        };
        if (directive is not null) directives.Add(directive);
    }

    // ssh_config(5) has its own quotes; a value of the command line has none left.
    private static string Quote(string value) =>
        '"' + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';

    private static CommandException NotUnderstood(string given, char option) =>
        CommandException.Usage($"{given}: synchop does not understand ssh's option -{option}");
}
