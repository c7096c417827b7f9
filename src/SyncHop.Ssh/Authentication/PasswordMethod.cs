using System.Security.Cryptography;
using Renci.SshNet;
using SyncHop.Ssh.Configuration;
using SyncHop.Ssh.HostKeys;

namespace SyncHop.Ssh.Authentication;

/// <summary>
/// Password authentication (RFC 4252, section 8) that asks when its turn comes, NumberOfPasswordPrompts times at most.
/// </summary>
internal sealed class PasswordMethod(HopSettings hop, IUserPrompt prompt, AuthenticationLog log, HostKeyVerifier host)
    : AuthenticationMethod(hop.User)
{
    public override string Name => "password";

    public override AuthenticationResult Authenticate(Session session)
    {
        // Whoever has the wrong key would learn it.
        if (host.HasAcceptedChange)
        {
            prompt.Warn("Password authentication is disabled to avoid man-in-the-middle attacks.");
            return AuthenticationResult.Failure;
        }

        for (int left = hop.NumberOfPasswordPrompts; left > 0; left--)
        {
            if (prompt.AskSecret($"{hop.Display}'s password: ", hop.Display) is not { } password) break;
            log.Try(Name);
            try
            {
                using var method = new PasswordAuthenticationMethod(Username, password);
                method.PasswordExpired += (_, _) =>
                    prompt.Warn($"the password of {hop.Display} has expired and must be changed");
                AuthenticationResult result = method.Authenticate(session);
                if (method.AllowedAuthentications is { } allowed) log.Allowed = AllowedAuthentications = allowed;
                if (result != AuthenticationResult.Failure)
                {
                    log.Accept(Name);
                    return result;
                }
            }
            finally
            {
                CryptographicOperations.ZeroMemory(password);
            }

            if (left > 1) prompt.Warn("Permission denied, please try again.");
        }

        return AuthenticationResult.Failure;
    }
}
