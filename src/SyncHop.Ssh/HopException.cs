namespace SyncHop.Ssh;

/// <summary>What went wrong at a hop.</summary>
public enum HopFailureKind
{
    /// <summary>The host could not be reached or does not speak SSH as we do.</summary>
    Connect,

    /// <summary>The host did not answer in time.</summary>
    Timeout,

    /// <summary>The host key is unknown, changed or revoked.</summary>
    HostKey,

    /// <summary>The host did not let the user in.</summary>
    Authentication,

    /// <summary>The gateway before this hop refuses to forward to it.</summary>
    Forward,

    /// <summary>The host does not give the channel or the subsystem.</summary>
    Channel,

    /// <summary>An established connection broke.</summary>
    Lost,

    /// <summary>The hop's settings are wrong: ssh_config, a key file, a malformed name.</summary>
    Config,
}

/// <summary>A failure of one hop of a chain. The message is one line and names the hop.</summary>
public sealed class HopException : IOException
{
    internal HopException(HopFailureKind kind, int number, int count, string hop, string reason)
        : base(hop.Length == 0 ? reason : count > 1 ? $"hop {number} of {count}, {hop}: {reason}" : $"{hop}: {reason}")
    {
        Kind = kind;
        HopNumber = number;
        HopCount = count;
        Reason = reason;
    }

    /// <summary>What went wrong.</summary>
    public HopFailureKind Kind { get; }

    /// <summary>The hop that failed, counted from 1; 0 when the settings as a whole are wrong.</summary>
    public int HopNumber { get; }

    /// <summary>How many hops the chain has.</summary>
    public int HopCount { get; }

    /// <summary>The message without the hop's name.</summary>
    public string Reason { get; }

    internal static HopException Config(string reason) => new(HopFailureKind.Config, 0, 0, "", reason);
}
