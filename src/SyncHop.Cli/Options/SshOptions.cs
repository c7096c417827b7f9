namespace SyncHop.Cli.Options;

/// <summary>How hosts are reached. File names are as typed; a byte that is not UTF-8 is a lone surrogate
/// (<see cref="Arguments.ByteString"/>).</summary>
internal sealed record SshOptions
{
    /// <summary><c>--identity=[HOP=]FILE</c>, in the order given.</summary>
    public IReadOnlyList<IdentityOption> Identities { get; init; } = [];

    /// <summary><c>--ssh-config=FILE</c>; null for the user's and the system's.</summary>
    public string? SshConfig { get; init; }

    /// <summary><c>--known-hosts=FILE</c>; null for the configured ones.</summary>
    public string? KnownHosts { get; init; }

    /// <summary><c>--batch</c>: nothing is ever asked.</summary>
    public bool Batch { get; init; }

    /// <summary><c>--port=PORT</c>: the final host's port where its address gives none; null if not given or 0.</summary>
    public int? Port { get; init; }

    /// <summary><c>--contimeout=SECONDS</c>: the limit for connecting to each hop; null if not given, zero for no limit.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

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
