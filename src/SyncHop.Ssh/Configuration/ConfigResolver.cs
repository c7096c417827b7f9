namespace SyncHop.Ssh.Configuration;

/// <summary>Puts the command line and ssh_config together for one hop. The first value found wins.</summary>
internal sealed class ConfigResolver(SshSettings settings, IReadOnlyList<IReadOnlyList<ConfigLine>> files)
{
    /// <summary>ssh's default keys, in the order they are tried.</summary>
    private static readonly string[] DefaultIdentities = ["~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"];

    private static readonly string[] DefaultUserKnownHosts = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];

    /// <exception cref="HopException">A value is not what its keyword takes.</exception>
    public HopSettings Resolve(Hop hop)
    {
        var values = new ConfigValues(settings, hop);
        foreach (IReadOnlyList<ConfigLine> file in files) values.Apply(file, active: true);

        string hostName = values.HostName;
        int port = hop.Port ?? values.Number("port", 1, 65535) ?? 22;
        string user = hop.User ?? values.Text("user") ?? settings.LocalUser;
        if (hostName.Length is 0 or > 255 || hostName.Any(c => c <= ' ' || char.IsControl(c)))
            throw HopException.Config($"\"{Printable.Line(hostName)}\" is not a host name");
        if (string.IsNullOrWhiteSpace(user) || user.Any(char.IsControl))
            throw HopException.Config($"\"{Printable.Line(user)}\" is not a user name");
        var tokens = new ConfigTokens(settings, hop.Host, hostName, port, user);

        var identities = new List<string>();
        identities.AddRange(settings.Identities
            .Where(i => i.Hop is null || hop.IsCalled(i.Hop))
            .Select(i => settings.ExpandHome(i.File)));
        identities.AddRange(values.IdentityFiles
            .Where(file => file != "none").Select(tokens.ExpandPath));
        bool noneNamed = identities.Count == 0;
        if (noneNamed) identities.AddRange(DefaultIdentities.Select(settings.ExpandHome));

        return new HopSettings
        {
            Hop = hop,
            HostName = hostName,
            Port = port,
            User = user,
            HostKeyName = (values.Text("hostkeyalias") ?? hostName).ToLowerInvariant(),
            HostKeyPort = values.Text("hostkeyalias") is null ? port : 22,
            IdentityFiles = identities.Distinct().ToList(),
            IdentitiesAreDefault = noneNamed,
            KnownHostsFiles = KnownHosts(values, tokens),
            UnknownHostKey = Strictness(values),
            HashKnownHosts = values.Flag("hashknownhosts") ?? false,
            ConnectTimeout = settings.ConnectTimeout ?? values.Time("connecttimeout") ?? TimeSpan.FromSeconds(30),
            KeepAliveInterval = settings.KeepAliveInterval ?? values.Time("serveraliveinterval")
                ?? TimeSpan.FromSeconds(15),
            KeepAliveCount = settings.KeepAliveCount ?? values.Number("serveralivecountmax", 0, int.MaxValue) ?? 3,
            ProxyJump = ProxyJump(values),
        };
    }

    private List<string> KnownHosts(ConfigValues values, ConfigTokens tokens)
    {
        if (settings.KnownHostsFiles.Count > 0) return settings.KnownHostsFiles.Select(settings.ExpandHome).ToList();
        IReadOnlyList<string> user = values.Words("userknownhostsfile") ?? DefaultUserKnownHosts;
        IReadOnlyList<string> system = values.Words("globalknownhostsfile")
            ?? [Path.Combine(settings.SystemDirectory, "ssh_known_hosts"),
                Path.Combine(settings.SystemDirectory, "ssh_known_hosts2")];
        return user.Concat(system).Where(file => file != "none").Select(tokens.ExpandPath).ToList();
    }

    private static UnknownHostKey Strictness(ConfigValues values)
    {
        ConfigLine? line = values.Line("stricthostkeychecking");
        return line?.Single().ToLowerInvariant() switch
        {
            null or "ask" => UnknownHostKey.Ask,
            "yes" or "true" => UnknownHostKey.Refuse,
            "no" or "false" or "off" or "accept-new" => UnknownHostKey.Accept,
            var other => throw line.Error($"StrictHostKeyChecking \"{other}\" is unknown"),
        };
    }

    private static List<Hop> ProxyJump(ConfigValues values)
    {
        ConfigLine? line = values.Line("proxyjump");
        string text = line is null ? "none" : line.Single();
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) return [];
        try
        {
            return text.Split(',').Select(Hop.Parse).ToList();
        }
        catch (FormatException e)
        {
            throw line!.Error("ProxyJump: " + e.Message);
        }
    }
}
