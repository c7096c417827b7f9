using SyncHop.Cli.Rsh;
using SyncHop.Ssh;

namespace SyncHop.Cli.Options;

/// <summary>How hosts are reached. File names are as typed; a byte that is not UTF-8 is a lone surrogate
/// (<see cref="Arguments.ByteString"/>).</summary>
internal sealed record SshOptions
{
    /// <summary><c>--rsh=COMMAND</c>, read; null where not given: then RSYNC_RSH counts.</summary>
    public SshCommandLine? RemoteShell { get; init; }

    /// <summary><c>--jump=HOP,…</c>: gateways before all others, or <c>none</c>; null where not given.</summary>
    public string? Jump { get; init; }

    /// <summary>The directives for the final host, as <c>ssh -o</c> takes them; those that come first win.</summary>
    public IReadOnlyList<string> TargetOptions =>
    [
        .. Jump is null ? [] : new[] { "ProxyJump=" + Jump },
        .. AddressFamily is null ? [] : new[] { "AddressFamily=" + AddressFamily },
        .. Compress ? new[] { "Compression=yes" } : [],
        .. RemoteShell?.Directives ?? [],
    ];

    /// <summary><c>-4</c>: inet, <c>-6</c>: inet6; null for either.</summary>
    public string? AddressFamily { get; init; }

    /// <summary><c>--compress, -z</c>: SSH compresses on the final host. <c>--no-z</c> leaves it to ssh_config.</summary>
    public bool Compress { get; init; }

    /// <summary><c>--identity=[HOP=]FILE</c>, in the order given.</summary>
    public IReadOnlyList<IdentityOption> Identities { get; init; } = [];

    /// <summary><c>--ssh-config=FILE</c>; null for the user's and the system's.</summary>
    public string? SshConfig { get; init; }

    /// <summary><c>--known-hosts=FILE</c>; null for the configured ones.</summary>
    public string? KnownHosts { get; init; }

    /// <summary><c>--check</c>: the way to the hosts is checked, nothing is synchronized.</summary>
    public bool Check { get; init; }

    /// <summary><c>--bench</c>: the way to a host is measured, nothing is synchronized.</summary>
    public bool Bench { get; init; }

    /// <summary><c>--batch</c>: nothing is ever asked.</summary>
    public bool Batch { get; init; }

    /// <summary><c>--port=PORT</c>: the final host's port where its address gives none; null if not given or 0.</summary>
    public int? Port { get; init; }

    /// <summary><c>--proxy=URL</c>; null for none.</summary>
    public ProxyAddress? Proxy { get; init; }

    /// <summary><c>--gateway-command=[HOP=]CMD</c>, in the order given.</summary>
    public IReadOnlyList<GatewayCommandOption> GatewayCommands { get; init; } = [];

    /// <summary><c>--sftp-command=CMD</c>; null for the sftp subsystem.</summary>
    public string? SftpCommand { get; init; }

    /// <summary><c>--connections=N</c>: how many connections to a final host; null for as many as help.</summary>
    public int? Connections { get; init; }

    /// <summary><c>--contimeout=SECONDS</c>: the limit for connecting to each hop; null if not given, zero for no limit.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary><c>--retries=N</c>: how often a lost connection is made again; null if not given.</summary>
    public int? Retries { get; init; }

    /// <summary><c>--retry-wait=SECONDS</c>: the wait before the first of them, which doubles with each.</summary>
    public TimeSpan RetryWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>--timeout=SECONDS</c>: the longest silence; null if not given, zero for no limit.</summary>
    public TimeSpan? IoTimeout { get; init; }
}

/// <summary>A private key to offer.</summary>
/// <param name="Hop">The host name of the hop it is for, as in the endpoint; null: every hop.</param>
/// <param name="File">The key's file.</param>
internal sealed record IdentityOption(string? Hop, string File)
{
    /// <summary>Reads <c>[HOP=]FILE</c>. What stands before an equals sign is a file if it has a slash: <c>./a=b</c>.</summary>
    /// <exception cref="CommandException">The hop or the file is empty.</exception>
    public static IdentityOption Parse(string value)
    {
        int equals = value.IndexOf('=', StringComparison.Ordinal);
        bool hasHop = equals >= 0 && !value.AsSpan(0, equals).Contains('/');
        IdentityOption identity = hasHop ? new(value[..equals], value[(equals + 1)..]) : new(null, value);
        if (identity.File.Length == 0) throw CommandException.Usage($"--identity={value}: the file's name is empty");
        if (identity.Hop is { Length: 0 }) throw CommandException.Usage($"--identity={value}: the hop's name is empty");
        return identity;
    }
}

/// <summary>A command by which a gateway reaches the next hop.</summary>
/// <param name="Hop">The host name of the gateway, as in the endpoint; null: every gateway.</param>
/// <param name="Command">The command.</param>
internal sealed record GatewayCommandOption(string? Hop, string Command)
{
    /// <summary>Reads <c>[HOP=]CMD</c>. What stands before an equals sign is a hop if it has no white space and no slash:
    /// <c>env A=b nc %h %p</c>.</summary>
    /// <exception cref="CommandException">The hop or the command is empty.</exception>
    public static GatewayCommandOption Parse(string value)
    {
        int equals = value.IndexOf('=', StringComparison.Ordinal);
        bool hasHop = equals >= 0 && !value.AsSpan(0, equals).ContainsAny(" \t/");
        GatewayCommandOption option = hasHop ? new(value[..equals], value[(equals + 1)..]) : new(null, value);
        if (option.Command.Length == 0) throw CommandException.Usage($"--gateway-command={value}: the command is empty");
        if (option.Hop is { Length: 0 }) throw CommandException.Usage($"--gateway-command={value}: the hop's name is empty");
        return option;
    }
}

/// <summary>Reads <c>--proxy</c>.</summary>
internal static class ProxyOption
{
    /// <exception cref="CommandException">It is no proxy's address. The message does not repeat it: it may hold a password.</exception>
    public static ProxyAddress Parse(string value)
    {
        try
        {
            return ProxyAddress.Parse(value);
        }
        catch (FormatException e)
        {
            throw CommandException.Usage($"--proxy: {e.Message}");
        }
    }
}
