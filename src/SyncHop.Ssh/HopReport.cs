namespace SyncHop.Ssh;

/// <summary>How a hop was reached, for <c>-vv</c> and <c>--check</c>.</summary>
public sealed record HopReport
{
    /// <summary>The hop's number, counted from 1.</summary>
    public required int Number { get; init; }

    /// <summary>How many hops the chain has.</summary>
    public required int Count { get; init; }

    /// <summary><c>user@host</c>, with the port when it is not 22.</summary>
    public required string Hop { get; init; }

    /// <summary>The name and port that were connected to.</summary>
    public required string Address { get; init; }

    /// <summary>The gateway that resolved and forwarded to <see cref="Address"/>; null when reached directly.</summary>
    public required string? Via { get; init; }

    /// <summary>The host key's type, such as <c>ssh-ed25519</c>.</summary>
    public required string HostKeyType { get; init; }

    /// <summary>The host key's fingerprint, <c>SHA256:…</c>.</summary>
    public required string HostKeyFingerprint { get; init; }

    /// <summary>The method that let us in, with the key file for <c>publickey</c>.</summary>
    public required string Authentication { get; init; }

    /// <summary>The cipher towards the server.</summary>
    public required string Cipher { get; init; }

    /// <summary>The message authentication code; null where the cipher authenticates by itself.</summary>
    public required string? Mac { get; init; }

    /// <summary>The key exchange.</summary>
    public required string KeyExchange { get; init; }

    /// <summary>The server's identification string.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>From the start of this hop's connection to the end of its authentication, questions included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>
    /// From a question to its answer, through all hops before this one, the shortest of several; null unless
    /// <see cref="SshSettings.MeasuresRoundTrips"/>, and where the host does not answer such questions.
    /// </summary>
    public TimeSpan? RoundTrip => RoundTrips.Count == 0 ? null : RoundTrips.Min();

    /// <summary>All times that were measured for <see cref="RoundTrip"/>, in the order of the questions.</summary>
    public IReadOnlyList<TimeSpan> RoundTrips { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() =>
        $"hop {Number}: {Hop} ({Address}{(Via is null ? "" : " through " + Via)}), host key {HostKeyType} "
        + $"{HostKeyFingerprint}, {Authentication}, {KeyExchange}, {Cipher}, {ServerVersion}, "
        + $"{Elapsed.TotalMilliseconds:F0} ms";
}
