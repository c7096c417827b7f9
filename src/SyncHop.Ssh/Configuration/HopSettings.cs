using System.Net.Sockets;

namespace SyncHop.Ssh.Configuration;

/// <summary>What to do with a host key that no file knows.</summary>
internal enum UnknownHostKey
{
    /// <summary>Ask the user; refuse when there is none.</summary>
    Ask,

    /// <summary>Refuse.</summary>
    Refuse,

    /// <summary><c>accept-new</c>: accept and remember.</summary>
    Accept,

    /// <summary>
    /// <c>no</c>: accept and remember; a changed key is accepted too, with a warning, but no password is sent then.
    /// </summary>
    AcceptAll,
}

/// <summary>Everything that holds for one hop once the command line and ssh_config are put together.</summary>
internal sealed record HopSettings
{
    /// <summary>RequiredRSASize where nothing is said.</summary>
    public const int DefaultRsaSize = 1024;

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

    /// <summary>
    /// ProxyCommand: the shell command whose standard input and output carry the connection, tokens expanded; null for
    /// none. Counts for the first hop of a route only; a hop has either this or <see cref="ProxyJump"/>.
    /// </summary>
    public string? ProxyCommand { get; init; }

    /// <summary>
    /// IdentityAgent, or else SSH_AUTH_SOCK: the agent's socket, tokens and variables expanded; null for no agent.
    /// </summary>
    public string? IdentityAgent { get; init; }

    /// <summary>IdentitiesOnly: of the agent's keys only those are offered that <see cref="IdentityFiles"/> name.</summary>
    public bool IdentitiesOnly { get; init; }

    /// <summary>CertificateFile, in the order given; tokens expanded.</summary>
    public IReadOnlyList<string> CertificateFiles { get; init; } = [];

    /// <summary>PubkeyAuthentication.</summary>
    public bool PubkeyAuthentication { get; init; } = true;

    /// <summary>PasswordAuthentication.</summary>
    public bool PasswordAuthentication { get; init; } = true;

    /// <summary>KbdInteractiveAuthentication.</summary>
    public bool KbdInteractiveAuthentication { get; init; } = true;

    /// <summary>
    /// PreferredAuthentications: the methods in the order to try them, no others; null for ssh's own order
    /// (publickey, keyboard-interactive, password).
    /// </summary>
    public IReadOnlyList<string>? PreferredAuthentications { get; init; }

    /// <summary>NumberOfPasswordPrompts: how often a password may be asked for.</summary>
    public int NumberOfPasswordPrompts { get; init; } = 3;

    /// <summary>BatchMode: nothing is ever asked.</summary>
    public bool BatchMode { get; init; }

    /// <summary>CheckHostIP: the address is looked up in known hosts as well.</summary>
    public bool CheckHostIP { get; init; }

    /// <summary>Ciphers; null for ours.</summary>
    public AlgorithmList? Ciphers { get; init; }

    /// <summary>MACs; null for ours.</summary>
    public AlgorithmList? Macs { get; init; }

    /// <summary>KexAlgorithms; null for ours.</summary>
    public AlgorithmList? KexAlgorithms { get; init; }

    /// <summary>HostKeyAlgorithms; null for ours. A list that replaces ours is not reordered by known keys.</summary>
    public AlgorithmList? HostKeyAlgorithms { get; init; }

    /// <summary>PubkeyAcceptedAlgorithms, the signature algorithms for user keys; null for ours.</summary>
    public AlgorithmList? PubkeyAcceptedAlgorithms { get; init; }

    /// <summary>CASignatureAlgorithms, by which authorities may sign certificates of hosts; null for ours.</summary>
    public AlgorithmList? CaSignatureAlgorithms { get; init; }

    /// <summary>RequiredRSASize: shorter RSA keys, of hosts and of the user, do not count. In bits.</summary>
    public int RequiredRsaSize { get; init; } = DefaultRsaSize;

    /// <summary>RevokedHostKeys: a file with keys that are never accepted, tokens expanded; null for none.</summary>
    public string? RevokedHostKeys { get; init; }

    /// <summary>NoHostAuthenticationForLocalhost: any key is accepted of a host reached directly at a loopback address.</summary>
    public bool NoHostAuthenticationForLocalhost { get; init; }

    /// <summary>Compression: <c>zlib@openssh.com</c> is preferred.</summary>
    public bool Compression { get; init; }

    /// <summary>ConnectionAttempts: how often to try to connect, a second apart.</summary>
    public int ConnectionAttempts { get; init; } = 1;

    /// <summary>AddressFamily of a direct connection; Unspecified for any.</summary>
    public AddressFamily AddressFamily { get; init; } = AddressFamily.Unspecified;

    /// <summary>BindAddress: the local address of a direct connection; null for any.</summary>
    public string? BindAddress { get; init; }

    /// <summary>BindInterface: the network interface whose address a direct connection has; null for any.</summary>
    public string? BindInterface { get; init; }

    /// <summary>LogLevel: below Info no warning and no banner of this hop is shown.</summary>
    public SshLogLevel LogLevel { get; init; } = SshLogLevel.Info;

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
