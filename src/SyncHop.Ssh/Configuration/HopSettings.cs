namespace SyncHop.Ssh.Configuration;

/// <summary>What to do with a host key that no file knows.</summary>
internal enum UnknownHostKey
{
    /// <summary>Ask the user; refuse when there is none.</summary>
    Ask,

    /// <summary>Refuse.</summary>
    Refuse,

    /// <summary>Accept and remember.</summary>
    Accept,
}

/// <summary>Everything that holds for one hop once the command line and ssh_config are put together.</summary>
internal sealed record HopSettings
{
    /// <summary>The hop as typed.</summary>
    public required Hop Hop { get; init; }

    /// <summary>The name or address to connect to, resolved by whoever connects.</summary>
    public required string HostName { get; init; }

    public required int Port { get; init; }

    public required string User { get; init; }

    /// <summary>The name under which known hosts are looked up.</summary>
    public required string HostKeyName { get; init; }

    /// <summary>The port under which they are looked up: an alias of ssh_config stands without one, as 22.</summary>
    public required int HostKeyPort { get; init; }

    /// <summary>Key files in the order to try them.</summary>
    public required IReadOnlyList<string> IdentityFiles { get; init; }

    /// <summary>Files that nobody named: they are skipped silently when they do not exist.</summary>
    public required bool IdentitiesAreDefault { get; init; }

    /// <summary>Known-hosts files; the first takes new keys.</summary>
    public required IReadOnlyList<string> KnownHostsFiles { get; init; }

    public required UnknownHostKey UnknownHostKey { get; init; }

    /// <summary>Whether names of new known hosts are hashed.</summary>
    public required bool HashKnownHosts { get; init; }

    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>Zero for no keepalive.</summary>
    public required TimeSpan KeepAliveInterval { get; init; }

    public required int KeepAliveCount { get; init; }

    /// <summary>The gateways ssh_config wants before this hop; empty for none.</summary>
    public required IReadOnlyList<Hop> ProxyJump { get; init; }

    /// <summary><c>user@host</c> as the user would write it, with the port when it is not 22.</summary>
    public string Display
    {
        get
        {
            string host = Printable.Line(Hop.Host);
            if (host.Contains(':')) host = $"[{host}]";
            return Printable.Line(User) + "@" + host + (Port == 22 ? "" : $":{Port}");
        }
    }

    /// <summary>The address to connect to, for messages.</summary>
    public string Target => (HostName.Contains(':') ? $"[{HostName}]" : Printable.Line(HostName)) + $":{Port}";
}
