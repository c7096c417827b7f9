namespace SyncHop.Ssh.Configuration;

/// <summary>The directives that apply to one hop: of each keyword the first, of those that add up all.</summary>
internal sealed class ConfigValues
{
    private readonly SshSettings _settings;
    private readonly Hop _hop;
    private readonly Dictionary<string, ConfigLine> _first = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ConfigLine>> _all = new(StringComparer.Ordinal)
    {
        ["identityfile"] = [],
        ["certificatefile"] = [],
    };

    private bool _wantsFinal;
    private bool _isFinal;

    /// <summary>Reads for one hop.</summary>
    /// <param name="settings">What holds for all hops.</param>
    /// <param name="hop">The hop; its user and port stand before those of the files.</param>
    /// <param name="options">Directives that stand before all others, also before the hop's own user and port: those of
    /// ssh's command line.</param>
    /// <param name="files">The files, first the one whose values win.</param>
    /// <exception cref="HopException">A keyword is unknown.</exception>
    public ConfigValues(
        SshSettings settings, Hop hop, IReadOnlyList<ConfigLine> options, IReadOnlyList<IReadOnlyList<ConfigLine>> files)
    {
        (_settings, _hop) = (settings, hop);
        foreach (ConfigLine line in options) Take(line, active: true);
        if (hop.User is { } user) _first.TryAdd("user", ConfigLine.Typed("user", user));
        if (hop.Port is { } port) _first.TryAdd("port", ConfigLine.Typed("port", $"{port}"));
        foreach (IReadOnlyList<ConfigLine> file in files) Apply(file, active: true, hop.Host);
        if (!_wantsFinal) return;
        _isFinal = true;
        string host = HostName;
        foreach (IReadOnlyList<ConfigLine> file in files) Apply(file, active: true, host);
    }

    /// <summary>The name after substitution by HostName, in lower case as ssh uses it.</summary>
    public string HostName =>
        (Line("hostname") is { } line ? ConfigTokens.ExpandHostName(line, _hop.Host) : _hop.Host).ToLowerInvariant();

    /// <summary>The login name.</summary>
    public string User => Line("user")?.Single() ?? _settings.LocalUser;

    /// <summary>The port.</summary>
    public int Port => Read("port", ConfigValue.Port, 22);

    /// <summary>The name under which the host key is looked up.</summary>
    public string HostKeyName => (Line("hostkeyalias")?.Single() ?? HostName).ToLowerInvariant();

    /// <summary>The tokens as far as the values are known.</summary>
    public ConfigTokens Tokens => new(_settings)
    {
        Alias = _hop.Host,
        HostName = HostName,
        Port = Port,
        User = User,
        HostKeyName = HostKeyName,
        Jump = Line("proxyjump") is { } line && ConfigValue.Jump(line).Count > 0 ? line.Single() : "",
    };

    /// <summary>The line that holds for a keyword; null for none.</summary>
    public ConfigLine? Line(string keyword) => _first.GetValueOrDefault(keyword);

    /// <summary>All lines of a keyword that adds up: IdentityFile, CertificateFile.</summary>
    public IReadOnlyList<ConfigLine> Lines(string keyword) => _all[keyword];

    /// <summary>The lines that ask for something that is not done.</summary>
    public IEnumerable<ConfigLine> Unsupported => _first.Values.Where(Keywords.IsUnsupported);

    /// <summary>A value, or what holds without one.</summary>
    public T Read<T>(string keyword, Func<ConfigLine, T> read, T otherwise) =>
        Line(keyword) is { } line ? read(line) : otherwise;

    // Host and Match hold to the end of their file. Nothing in a file that is included by a block that does not apply
    // can apply, but its keywords must exist all the same.
    private void Apply(IReadOnlyList<ConfigLine> lines, bool active, string host)
    {
        bool reachable = active;
        foreach (ConfigLine line in lines)
        {
            switch (line.Keyword)
            {
                case "host":
                    active = reachable && HostPattern.MatchesList(line.Arguments, host, ignoreCase: false);
                    break;
                case "match":
                    _wantsFinal |= ConfigMatch.WantsFinal(line);
                    active = reachable && ConfigMatch.Applies(line, Subject());
                    break;
                case "include":
                    foreach (IReadOnlyList<ConfigLine> file in line.Included) Apply(file, active, host);
                    break;
                default:
                    Take(line, active);
                    break;
            }
        }
    }

    private void Take(ConfigLine line, bool active)
    {
        if (!Keywords.Exists(line.Keyword))
        {
            bool ignored = Line("ignoreunknown") is { } unknown
                && HostPattern.MatchesList(unknown.Single().ToLowerInvariant().Split(','), line.Keyword);
            if (!ignored) throw line.Error($"Bad configuration option: {line.Keyword}");
        }
        else if (active && _all.TryGetValue(line.Keyword, out List<ConfigLine>? lines))
        {
            if (!lines.Exists(earlier => earlier.Single() == line.Single())) lines.Add(line);
        }
        else if (active && !IsOverruled(line.Keyword))
        {
            _first.TryAdd(line.Keyword, line);
        }
    }

    // ssh_config(5): of ProxyCommand and ProxyJump, whichever is specified first holds. A "ProxyJump none" leaves a
    // later ProxyCommand alone; a "ProxyCommand none" ends both.
    private bool IsOverruled(string keyword) => keyword switch
    {
        "proxyjump" => _first.ContainsKey("proxycommand"),
        "proxycommand" => Line("proxyjump") is { } jump && ConfigValue.Jump(jump).Count > 0,
        _ => false,
    };

    private MatchSubject Subject() => new()
    {
        Host = HostName,
        OriginalHost = _hop.Host,
        User = User,
        LocalUser = _settings.LocalUser,
        Tag = Line("tag")?.Single() ?? "",
        IsFinal = _isFinal,
        Run = command => MatchCommand.Succeeds(
            Tokens.ExpandCommand(ConfigLine.Typed("match", command), command), _settings.EnvironmentVariable("SHELL")),
    };
}
