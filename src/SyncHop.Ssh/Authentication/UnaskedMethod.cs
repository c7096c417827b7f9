using Renci.SshNet;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Authentication;

/// <summary>Stands for a method that the server offers and that would need the user, where nothing may be asked: sends nothing.</summary>
/// <param name="name">The method's name (RFC 4252, RFC 4256).</param>
/// <param name="hop">Whose it is.</param>
/// <param name="prompt">Why nothing is asked.</param>
/// <param name="log">Where that is said.</param>
internal sealed class UnaskedMethod(string name, HopSettings hop, IUserPrompt prompt, AuthenticationLog log)
    : AuthenticationMethod(hop.User)
{
    public override string Name => name;

    public override AuthenticationResult Authenticate(Session session)
    {
        // One line for both methods: a server that offers both mostly wants the same of them.
        log.Fail($"a password would be needed, and {prompt.Obstacle}");
        return AuthenticationResult.Failure;
    }
}
