using Renci.SshNet;
using Renci.SshNet.Security;
using SyncHop.Ssh.Configuration;
using SyncHop.Ssh.HostKeys;
using SyncHop.Ssh.Transport;

namespace SyncHop.Ssh.Authentication;

/// <summary>Public key authentication with one key after the other (RFC 4252, section 7).</summary>
/// <remarks>
/// A key that is at hand signs at once, which saves a round trip; one that may need the user's attention is first
/// offered, so that nobody types a passphrase or touches a token for nothing. No file is read and no agent asked before
/// the server wants a key. A server that wants two keys goes on where it stopped.
/// </remarks>
internal sealed class PublicKeyMethod(
    HopSettings hop, KeyStore keys, SuspendingPrompt prompt, AuthenticationLog log, IReadOnlyList<AcceptedKey>? only = null)
    : AuthenticationMethod(hop.User)
{
    private Queue<PublicKeyCandidate>? _candidates;

    public override string Name => "publickey";

    public override AuthenticationResult Authenticate(Session session)
    {
        _candidates ??= new Queue<PublicKeyCandidate>(Candidates());
        while (_candidates.TryDequeue(out PublicKeyCandidate? candidate))
        {
            AuthenticationResult result = Authenticate(session, candidate);
            if (result != AuthenticationResult.Failure) return result;
            if (log.Allowed?.Contains(Name) == false) break;
        }

        return AuthenticationResult.Failure;
    }

    // By label first: a key that is not meant must not be unlocked to learn what it is.
    private IEnumerable<PublicKeyCandidate> Candidates()
    {
        IReadOnlyList<PublicKeyCandidate> all = CandidateList.Create(hop, keys, prompt, log);
        return only is null
            ? all
            : only.Select(key => all.FirstOrDefault(each => each.Label == key.Label && each.Blob() is { } blob && blob.AsSpan().SequenceEqual(key.Blob)))
                .OfType<PublicKeyCandidate>();
    }

    private AuthenticationResult Authenticate(Session session, PublicKeyCandidate candidate)
    {
        if (candidate.Blob() is not { } blob)
        {
            if (candidate.Signer.Problem is { } problem) log.Fail(problem);
            return AuthenticationResult.Failure;
        }

        if (RsaLength.BitsOf(blob) is { } bits && bits < hop.RequiredRsaSize)
        {
            prompt.Warn($"key {Printable.Line(candidate.Label)} is not used: it has {bits} bits, and RequiredRSASize wants {hop.RequiredRsaSize}");
            return AuthenticationResult.Failure;
        }

        string label = $"{Name} {candidate.Label}";
        foreach (string name in KeyAlgorithms.For(blob, hop.PubkeyAcceptedAlgorithms, session.ServerVersion))
        {
            if (only?.Any(key => key.Label == candidate.Label && key.Algorithm == name) == false) continue;
            log.Try(label);
            var algorithm = new Algorithm(name, blob, candidate.Signer);
            HostAlgorithm[] algorithms = candidate.Signer.MayAskUser ? [algorithm, new Sentinel()] : [algorithm];
            using var method = new PrivateKeyAuthenticationMethod(Username, new Source(algorithms));
            AuthenticationResult result;
            try
            {
                result = method.Authenticate(session);
            }
            catch (KeyRefusedException)
            {
                result = AuthenticationResult.Failure;
                if (candidate.Signer.Problem is { } problem) log.Fail(problem);
            }

            if (method.AllowedAuthentications is { } allowed) log.Allowed = AllowedAuthentications = allowed;
            if (result != AuthenticationResult.Failure)
            {
                log.Accept(label, new AcceptedKey(candidate.Label, blob, name));
                return result;
            }
        }

        return AuthenticationResult.Failure;
    }

    private sealed class Source(IReadOnlyCollection<HostAlgorithm> algorithms) : IPrivateKeySource
    {
        public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms => algorithms;
    }

    private sealed class Algorithm(string name, byte[] blob, KeySigner signer) : HostAlgorithm(name)
    {
        public override byte[] Data => blob;

        public override byte[] Sign(byte[] data) =>
            signer.Sign(KeyAlgorithms.SignatureOf(Name), data) ?? throw new KeyRefusedException();

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
