namespace SyncHop.Ssh.Authentication;

/// <summary>A key that a host accepted.</summary>
/// <param name="Label">What it is called in messages.</param>
/// <param name="Blob">The public key or certificate.</param>
/// <param name="Algorithm">The signature algorithm.</param>
internal sealed record AcceptedKey(string Label, byte[] Blob, string Algorithm);

/// <summary>How a host and we let each other in, so that it can be done again without asking anybody.</summary>
/// <param name="HostKey">The host's key.</param>
/// <param name="Keys">The keys it accepted, in order; none where it wanted nothing, null where something else was needed.</param>
internal sealed record Login(byte[] HostKey, IReadOnlyList<AcceptedKey>? Keys)
{
    /// <summary>Why it cannot be done again; null when it can.</summary>
    public string? ObstacleToRepeat =>
        Keys is null ? "its login needs an answer from the user"
        : Keys.Any(key => KeyAlgorithms.NeedsTouch(key.Algorithm)) ? "its login needs a security token to be touched"
        : null;
}
