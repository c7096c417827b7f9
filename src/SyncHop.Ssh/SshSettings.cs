using System.IO.Abstractions;
using SyncHop.Ssh.Authentication;

namespace SyncHop.Ssh;

/// <summary>A private key that the user named.</summary>
/// <param name="File">The key's file.</param>
/// <param name="Hop">The host it is for, as typed in the chain; null for every hop.</param>
public sealed record Identity(string File, string? Hop = null)
{
    /// <summary>Parses the value of <c>--identity</c>: <c>FILE</c> or <c>HOP=FILE</c>.</summary>
    /// <remarks>A value with a slash before its first equals sign is a file.</remarks>
    public static Identity Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int equals = value.IndexOf('=');
        return equals > 0 && !value.AsSpan(0, equals).Contains('/')
            ? new Identity(value[(equals + 1)..], value[..equals])
            : new Identity(value);
    }
}

/// <summary>A command that a gateway runs in place of forwarding a port.</summary>
/// <param name="Command">The command; <c>%h</c>, <c>%p</c>, <c>%r</c> and <c>%n</c> are those of the next hop.</param>
/// <param name="Hop">The gateway it is for, as typed in the chain; null for every gateway.</param>
public sealed record GatewayCommand(string Command, string? Hop = null);

/// <summary>What holds for every hop of a chain: what the command line said and where the files are.</summary>
public sealed record SshSettings
{
    /// <summary>Keys named on the command line; they are tried before those of ssh_config.</summary>
    public IReadOnlyList<Identity> Identities { get; init; } = [];

    /// <summary>Replaces <c>~/.ssh/config</c> and <c>/etc/ssh/ssh_config</c>; <c>none</c> reads no file.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>
    /// Directives for the final host alone, as <c>ssh -o</c> takes them (<c>Port=22</c>, <c>IdentityFile=x</c>); they
    /// stand before all others, and before the user and the port of the hop, as ssh's own options do.
    /// </summary>
    public IReadOnlyList<string> TargetOptions { get; init; } = [];

    /// <summary>Replaces the files of known host keys; empty for ssh's own.</summary>
    public IReadOnlyList<string> KnownHostsFiles { get; init; } = [];

    /// <summary>How long a whole hop may take, waiting for the user excepted; null for ssh_config's or 30 s.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>After this long without a word from a hop it is asked for one; null for ssh_config's or 15 s.</summary>
    public TimeSpan? KeepAliveInterval { get; init; }

    /// <summary>A hop that left this many questions unanswered is lost; null for ssh_config's or 3.</summary>
    public int? KeepAliveCount { get; init; }

    /// <summary>Commands by which gateways that forbid forwarding reach the next hop; the last that applies counts.</summary>
    public IReadOnlyList<GatewayCommand> GatewayCommands { get; init; } = [];

    /// <summary>The proxy for the connection to the first hop, in place of its ProxyCommand; null for none.</summary>
    public ProxyAddress? Proxy { get; init; }

    /// <summary>Whether every hop is asked how long an answer takes (<see cref="HopReport.RoundTrip"/>).</summary>
    public bool MeasuresRoundTrips { get; init; }

    /// <summary>How often every hop is asked then.</summary>
    public int RoundTripQuestions { get; init; } = 3;

    /// <summary>Takes SSH.NET's own log, one line for each event, for <c>-vvv</c>; null for nobody. Called from any thread.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The private keys unlocked so far, for chains that share them; null for keys of the chain's own.</summary>
    public KeyStore? Keys { get; init; }

    /// <summary>The local user, the default login name.</summary>
    public string LocalUser { get; init; } = Environment.UserName;

    /// <summary>The local user's home directory.</summary>
    public string Home { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>Where the system's ssh files are.</summary>
    public string SystemDirectory { get; init; } = "/etc/ssh";

    /// <summary>The value of an environment variable; null for none.</summary>
    public Func<string, string?> EnvironmentVariable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The file system that holds configuration, keys and known hosts.</summary>
    public IFileSystem FileSystem { get; init; } = new FileSystem();

    /// <summary>The time, for the validity of certificates.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Expands a leading <c>~/</c>.</summary>
    internal string ExpandHome(string path) =>
        path == "~" ? Home : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Home, path[2..]) : path;
}
