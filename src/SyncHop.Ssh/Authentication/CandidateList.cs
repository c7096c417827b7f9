using SyncHop.Ssh.Configuration;
using SyncHop.Ssh.HostKeys;
using SyncHop.Ssh.Transport;

namespace SyncHop.Ssh.Authentication;

/// <summary>Puts the keys of a hop in ssh's order.</summary>
/// <remarks>
/// First the certificates that CertificateFile names, then the agent's keys that are also configured, then the agent's
/// others unless IdentitiesOnly, then the key files that the agent does not have.
/// </remarks>
internal sealed class CandidateList
{
    private readonly HopSettings _hop;
    private readonly KeyStore _keys;
    private readonly SuspendingPrompt _prompt;
    private readonly AgentClient? _agent;
    private readonly IReadOnlyList<AgentKey> _agentKeys;
    private readonly List<IdentityFile> _identities;
    private readonly List<PublicKeyCandidate> _candidates = [];

    private CandidateList(HopSettings hop, KeyStore keys, SuspendingPrompt prompt, AuthenticationLog log)
    {
        (_hop, _keys, _prompt) = (hop, keys, prompt);
        _agent = hop.IdentityAgent is null ? null : new AgentClient(hop.IdentityAgent);
        _agentKeys = AgentKeys(log);
        _identities = [.. hop.IdentityFiles.Select(keys.Identity)];
    }

    /// <summary>Reads the files and asks the agent for its keys; nothing is unlocked yet.</summary>
    public static IReadOnlyList<PublicKeyCandidate> Create(HopSettings hop, KeyStore keys, SuspendingPrompt prompt, AuthenticationLog log)
    {
        var list = new CandidateList(hop, keys, prompt, log);
        list.AddNamedCertificates();
        HashSet<AgentKey> configured = list.AddConfiguredAgentKeys();
        if (!hop.IdentitiesOnly)
        {
            foreach (AgentKey key in list._agentKeys.Where(key => !configured.Contains(key)))
                list.AddAgentKey(key, $"agent key {Printable.Line(key.Comment)}");
        }

        list.AddFiles();
        return list._candidates;
    }

    private IReadOnlyList<AgentKey> AgentKeys(AuthenticationLog log)
    {
        if (_agent is null) return [];
        try
        {
            return _agent.List();
        }
        catch (IOException e)
        {
            // A stale SSH_AUTH_SOCK is common: where nobody watches it matters only if we are not let in.
            log.AgentProblem = $"no agent at {Printable.Line(_agent.Path)}: {Printable.Line(e.Message)}";
            if (_prompt.IsInteractive) _keys.Warn(log.AgentProblem, _prompt);
            return [];
        }
    }

    private void AddNamedCertificates()
    {
        foreach (string path in _hop.CertificateFiles)
        {
            if (_keys.CertificateFile(path, _prompt) is not { } certificate) continue;
            if (SignerOf(certificate.PublicKey) is { } signer) AddCertificate(certificate, path, signer);
            else _keys.Warn($"no private key for the certificate {Printable.Line(path)}", _prompt);
        }
    }

    private HashSet<AgentKey> AddConfiguredAgentKeys()
    {
        var configured = new HashSet<AgentKey>();
        foreach (AgentKey key in _agentKeys)
        {
            if (_identities.Find(i => Same(i.PublicKey, key.Blob) || Same(BesideOf(i), key.Blob)) is not { } identity)
                continue;
            configured.Add(key);
            AddAgentKey(key, identity.Path + " (agent)");
        }

        return configured;
    }

    private void AddFiles()
    {
        foreach (IdentityFile identity in _identities)
        {
            bool inAgent = _agentKeys.Any(key => Same(identity.PublicKey, key.Blob));
            if (!inAgent)
            {
                if (identity.Private is { } key)
                    _candidates.Add(new PublicKeyCandidate(
                        identity.Path, () => key.ReadPublicKey(_prompt), new FileSigner(key, _prompt)));
                else if (identity.Problem is { } problem && !(_hop.IdentitiesAreDefault && identity.PublicKey is null))
                    _keys.Warn(problem, _prompt);
            }

            if (_hop.CertificateFiles.Count > 0
                || identity.Certificate is not { } certificate
                || _agentKeys.Any(k => Same(certificate.Blob, k.Blob))) continue;
            if (SignerOf(certificate.PublicKey) is { } signer) AddCertificate(certificate, identity.Path, signer);
        }
    }

    private void AddAgentKey(AgentKey key, string label) =>
        _candidates.Add(new PublicKeyCandidate(label, () => key.Blob, new AgentSigner(_agent!, key, _prompt)));

    private void AddCertificate(Certificate certificate, string path, KeySigner signer) =>
        _candidates.Add(new PublicKeyCandidate(
            $"{path} (certificate {Printable.Line(certificate.KeyId)})", () => certificate.Blob, signer));

    private KeySigner? SignerOf(byte[] publicKey)
    {
        if (_agentKeys.FirstOrDefault(key => Same(publicKey, key.Blob)) is { } key)
            return new AgentSigner(_agent!, key, _prompt);
        return _identities.Find(i => Same(publicKey, i.PublicKey))?.Private is { } file
            ? new FileSigner(file, _prompt)
            : null;
    }

    private byte[]? BesideOf(IdentityFile identity) =>
        _hop.CertificateFiles.Count == 0 ? identity.Certificate?.Blob : null;

    private static bool Same(byte[]? a, byte[]? b) => a is not null && b is not null && a.AsSpan().SequenceEqual(b);
}
