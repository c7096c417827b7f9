namespace SyncHop.Ssh.Authentication;

/// <summary>A public key or certificate to offer, with what signs for it.</summary>
/// <param name="Label">What it is called in messages.</param>
/// <param name="Blob">The public key or certificate; null when it cannot be known, which the user has been told.</param>
/// <param name="Signer">Who has the private key.</param>
internal sealed record PublicKeyCandidate(string Label, Func<byte[]?> Blob, KeySigner Signer);
