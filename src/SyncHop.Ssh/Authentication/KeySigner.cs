using SyncHop.Ssh.Transport;

namespace SyncHop.Ssh.Authentication;

/// <summary>Whatever signs with one private key.</summary>
internal abstract class KeySigner
{
    /// <summary>True when a signature may take the user's attention, so that the server is asked first.</summary>
    public abstract bool MayAskUser { get; }

    /// <summary>Why there was no signature; null when there was one, or none was wanted.</summary>
    public abstract string? Problem { get; }

    /// <summary>Signs.</summary>
    /// <param name="algorithm">The signature algorithm, such as <c>rsa-sha2-512</c>.</param>
    /// <param name="data">What to sign.</param>
    /// <returns>The signature in its algorithm's encoding; null when there is none, and <see cref="Problem"/> says why.</returns>
    public abstract byte[]? Sign(string algorithm, byte[] data);
}

/// <summary>Signs with a key file, which may need its passphrase.</summary>
internal sealed class FileSigner(KeyFile key, IUserPrompt prompt) : KeySigner
{
    public override bool MayAskUser => key.IsLocked;

    public override string? Problem => key.Problem;

    public override byte[]? Sign(string algorithm, byte[] data) => key.Signer(algorithm, prompt)?.Sign(data);
}

/// <summary>Has the agent sign, which may want the user to confirm or to touch a token.</summary>
internal sealed class AgentSigner(AgentClient agent, AgentKey key, SuspendingPrompt prompt) : KeySigner
{
    private string? _problem;

    public override bool MayAskUser => true;

    public override string? Problem => _problem;

    public override byte[]? Sign(string algorithm, byte[] data)
    {
        string problem = "it refused";
        try
        {
            if (prompt.Suspend(() => agent.Sign(key.Blob, data, algorithm)) is { } signature) return signature;
        }
        catch (IOException e)
        {
            problem = e.Message;
        }

        _problem = $"the agent did not sign with {Printable.Line(key.Comment)}: {Printable.Line(problem)}";
        prompt.Warn(_problem);
        return null;
    }
}
