namespace SyncHop.Ssh.Configuration;

/// <summary>Puts the command line and ssh_config together for one hop. The first value found wins.</summary>
/// <param name="settings">What holds for all hops.</param>
/// <param name="options">The directives of the command line, for the final host.</param>
/// <param name="files">The files, first the one whose values win.</param>
/// <param name="warn">Is told what is not done though a file asks for it, once for each line.</param>
internal sealed class ConfigResolver(
    SshSettings settings,
    IReadOnlyList<ConfigLine> options,
    IReadOnlyList<IReadOnlyList<ConfigLine>> files,
    Action<string> warn)
{
    /// <summary>ssh's default keys, in the order they are tried.</summary>
    private static readonly string[] DefaultIdentities =
        ["~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ecdsa_sk", "~/.ssh/id_ed25519", "~/.ssh/id_ed25519_sk"];

    private static readonly string[] DefaultUserKnownHosts = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];

    private readonly HashSet<(string, int)> _warned = [];

    /// <summary>Resolves one hop.</summary>
    /// <param name="hop">The hop as typed.</param>
    /// <param name="isTarget">Whether it is the final host, to which the command line's directives apply.</param>
    /// <exception cref="HopException">A value is not what its keyword takes.</exception>
    public HopSettings Resolve(Hop hop, bool isTarget)
    {
        ShellNames.Require(hop);
        var values = new ConfigValues(settings, hop, isTarget ? options : [], files);
        Validate(values.HostName, values.User);
        ConfigTokens tokens = values.Tokens;
        (List<string> identities, bool areDefault) = Identities(values, tokens, hop);
        SshLogLevel logLevel = values.Read("loglevel", ConfigValue.LogLevel, SshLogLevel.Info);
        if (logLevel >= SshLogLevel.Info) Warn(values.Unsupported);
        return new HopSettings
        {
            Hop = hop,
            HostName = values.HostName,
            Port = values.Port,
            User = values.User,
            HostKeyName = values.HostKeyName,
            HostKeyPort = values.Line("hostkeyalias") is null ? values.Port : 22,
            IdentityFiles = identities,
            IdentitiesAreDefault = areDefault,
            IdentitiesOnly = values.Read("identitiesonly", ConfigValue.Flag, false),
            IdentityAgent = Agent(values, tokens),
            CertificateFiles = Files(values, tokens, "certificatefile"),
            KnownHostsFiles = KnownHosts(values, tokens),
            UnknownHostKey = values.Read("stricthostkeychecking", ConfigValue.Strictness, UnknownHostKey.Ask),
            HashKnownHosts = values.Read("hashknownhosts", ConfigValue.Flag, false),
            CheckHostIP = values.Read("checkhostip", ConfigValue.Flag, false),
            PubkeyAuthentication = values.Read("pubkeyauthentication", ConfigValue.PublicKeyFlag, true),
            PasswordAuthentication = values.Read("passwordauthentication", ConfigValue.Flag, true),
            KbdInteractiveAuthentication = values.Read("kbdinteractiveauthentication", ConfigValue.Flag, true),
            PreferredAuthentications = values.Line("preferredauthentications")?.Single().Split(','),
            NumberOfPasswordPrompts = Number(values, "numberofpasswordprompts", 3),
            BatchMode = values.Read("batchmode", ConfigValue.Flag, false),
            ConnectTimeout = settings.ConnectTimeout ?? Time(values, "connecttimeout") ?? TimeSpan.FromSeconds(30),
            ConnectionAttempts = Math.Max(1, Number(values, "connectionattempts", 1)),
            KeepAliveInterval = settings.KeepAliveInterval ?? Time(values, "serveraliveinterval")
                ?? TimeSpan.FromSeconds(15),
            KeepAliveCount = settings.KeepAliveCount ?? Number(values, "serveralivecountmax", 3),
            Ciphers = values.Read<AlgorithmList?>("ciphers", ConfigValue.Ciphers, null),
            Macs = values.Read<AlgorithmList?>("macs", ConfigValue.Macs, null),
            KexAlgorithms = values.Read<AlgorithmList?>("kexalgorithms", ConfigValue.KeyExchanges, null),
            HostKeyAlgorithms = Keys(values, "hostkeyalgorithms"),
            PubkeyAcceptedAlgorithms = Keys(values, "pubkeyacceptedalgorithms"),
            CaSignatureAlgorithms = Keys(values, "casignaturealgorithms"),
            RequiredRsaSize = Number(values, "requiredrsasize", HopSettings.DefaultRsaSize),
            RevokedHostKeys = Revoked(values, tokens),
            // As ssh: an alias is a name that must be vouched for.
            NoHostAuthenticationForLocalhost =
                values.Read("nohostauthenticationforlocalhost", ConfigValue.Flag, false) && values.Line("hostkeyalias") is null,
            Compression = values.Read("compression", ConfigValue.Flag, false),
            AddressFamily = values.Read("addressfamily", ConfigValue.Family, default),
            BindAddress = values.Line("bindaddress")?.Single(),
            BindInterface = values.Line("bindinterface")?.Single(),
            LogLevel = logLevel,
            ProxyJump = values.Read("proxyjump", ConfigValue.Jump, []),
            ProxyCommand = ProxyCommand(values, tokens),
        };
    }

    private static void Validate(string hostName, string user)
    {
        if (hostName.Length is 0 or > 255 || hostName.Any(c => c <= ' ' || char.IsControl(c)))
            throw HopException.Config($"\"{Printable.Line(hostName)}\" is not a host name");
        if (string.IsNullOrWhiteSpace(user) || user.Any(char.IsControl))
            throw HopException.Config($"\"{Printable.Line(user)}\" is not a user name");
    }

    // An IdentityFile of "none" takes the defaults away and names no file.
    private (List<string> Files, bool AreDefault) Identities(ConfigValues values, ConfigTokens tokens, Hop hop)
    {
        List<string> files =
        [
            .. settings.Identities.Where(i => i.Hop is null || hop.IsCalled(i.Hop)).Select(i => settings.ExpandHome(i.File)),
            .. Files(values, tokens, "identityfile"),
        ];
        bool areDefault = files.Count == 0 && values.Lines("identityfile").Count == 0;
        return areDefault
            ? (DefaultIdentities.Select(settings.ExpandHome).ToList(), true)
            : (files.Distinct().ToList(), false);
    }

    private static List<string> Files(ConfigValues values, ConfigTokens tokens, string keyword) =>
        values.Lines(keyword).Where(line => line.Single() != "none")
            .Select(line => tokens.ExpandPath(line, line.Single())).ToList();

    private string? Agent(ConfigValues values, ConfigTokens tokens)
    {
        ConfigLine? line = values.Line("identityagent");
        string text = line?.Single() ?? "SSH_AUTH_SOCK";
        string? path = text switch
        {
            "none" => null,
            "SSH_AUTH_SOCK" => settings.EnvironmentVariable("SSH_AUTH_SOCK"),
            ['$', not '{', ..] => settings.EnvironmentVariable(text[1..]),
            _ => tokens.ExpandPath(line!, text),
        };
        return string.IsNullOrEmpty(path) ? null : path;
    }

    private List<string> KnownHosts(ConfigValues values, ConfigTokens tokens)
    {
        if (settings.KnownHostsFiles.Count > 0) return settings.KnownHostsFiles.Select(settings.ExpandHome).ToList();
        return
        [
            .. Named("userknownhostsfile") ?? DefaultUserKnownHosts.Select(settings.ExpandHome),
            .. Named("globalknownhostsfile")
                ?? [Path.Combine(settings.SystemDirectory, "ssh_known_hosts"),
                    Path.Combine(settings.SystemDirectory, "ssh_known_hosts2")],
        ];

        IEnumerable<string>? Named(string keyword) => values.Line(keyword) is { } line
            ? line.Arguments.Where(file => file != "none").Select(file => tokens.ExpandPath(line, file))
            : null;
    }

    private static string? ProxyCommand(ConfigValues values, ConfigTokens tokens) =>
        values.Line("proxycommand") is { } line && !line.Rest.Equals("none", StringComparison.OrdinalIgnoreCase)
            ? tokens.ExpandProxyCommand(line, line.Rest)
            : null;

    private static int Number(ConfigValues values, string keyword, int otherwise) =>
        values.Read(keyword, line => ConfigValue.Number(line, 0, int.MaxValue), otherwise);

    private static TimeSpan? Time(ConfigValues values, string keyword) => values.Read(keyword, ConfigValue.Time, null);

    private static AlgorithmList? Keys(ConfigValues values, string keyword) =>
        values.Read<AlgorithmList?>(keyword, ConfigValue.Keys, null);

    private static string? Revoked(ConfigValues values, ConfigTokens tokens) =>
        values.Line("revokedhostkeys") is { } line && !line.Single().Equals("none", StringComparison.OrdinalIgnoreCase)
            ? tokens.ExpandPath(line, line.Single())
            : null;

    private void Warn(IEnumerable<ConfigLine> unsupported)
    {
        foreach (ConfigLine line in unsupported)
            if (_warned.Add((line.File, line.Number)))
                warn($"{ConfigLine.Place(line.File, line.Number)}: {line.Keyword} {Printable.Line(line.Rest)} has no effect in synchop");
    }
}
