using Renci.SshNet;
using Renci.SshNet.Security;

namespace SyncHop.Ssh.Authentication;

/// <summary>Public key authentication with one key (RFC 4252, section 7).</summary>
/// <remarks>
/// An unlocked key signs at once, which saves a round trip; a locked one first asks the server whether it would do,
/// so that nobody types a passphrase for nothing.
/// </remarks>
internal sealed class PublicKeyMethod(string user, KeyFile key, IUserPrompt prompt, AuthenticationLog log)
    : AuthenticationMethod(user)
{
    public override string Name => "publickey";

    public override AuthenticationResult Authenticate(Session session)
    {
        if (key.ReadPublicKey(prompt) is not { } publicKey) return AuthenticationResult.Failure;
        string label = "publickey " + key.Path;
        foreach (string algorithm in KeyFile.AlgorithmsFor(publicKey))
        {
            log.Try(label);
            var candidate = new Candidate(algorithm, publicKey, key, prompt);
            HostAlgorithm[] algorithms = key.IsLocked ? [candidate, new Sentinel()] : [candidate];
            using var method = new PrivateKeyAuthenticationMethod(Username, new Source(algorithms));
            AuthenticationResult result;
            try
            {
                result = method.Authenticate(session);
            }
            catch (KeyRefusedException)
            {
                result = AuthenticationResult.Failure;
            }

            if (method.AllowedAuthentications is { } allowed) log.Allowed = AllowedAuthentications = allowed;
            if (result != AuthenticationResult.Failure)
            {
                log.Accept(label);
                return result;
            }
        }

        return AuthenticationResult.Failure;
    }

    private sealed class Source(IReadOnlyCollection<HostAlgorithm> algorithms) : IPrivateKeySource
    {
        public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms => algorithms;
    }

    private sealed class Candidate(string name, byte[] publicKey, KeyFile key, IUserPrompt prompt) : HostAlgorithm(name)
    {
        public override byte[] Data => publicKey;

        public override byte[] Sign(byte[] data) =>
            key.Signer(Name, prompt)?.Sign(data) ?? throw new KeyRefusedException();

        public override bool VerifySignature(byte[] data, byte[] signature) => false;
    }

    // SSH.NET asks before it signs only when there is more than one algorithm; this one ends the attempt instead
    // of being sent.
    private sealed class Sentinel() : HostAlgorithm("")
    {
        public override byte[] Data => throw new KeyRefusedException();

        public override byte[] Sign(byte[] data) => throw new KeyRefusedException();

        public override bool VerifySignature(byte[] data, byte[] signature) => false;
    }

    private sealed class KeyRefusedException : Exception;
}
