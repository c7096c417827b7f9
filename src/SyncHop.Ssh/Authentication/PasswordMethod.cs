using Renci.SshNet;

namespace SyncHop.Ssh.Authentication;

/// <summary>Password authentication (RFC 4252, section 8) that asks when its turn comes, three times at most.</summary>
internal sealed class PasswordMethod(string user, string hop, IUserPrompt prompt, AuthenticationLog log)
    : AuthenticationMethod(user)
{
    private const int Tries = 3;

    public override string Name => "password";

    public override AuthenticationResult Authenticate(Session session)
    {
        for (int tries = 0; tries < Tries; tries++)
        {
            if (prompt.AskSecret($"{hop}'s password: ") is not { } password) break;
            log.Try(Name);
            using var method = new PasswordAuthenticationMethod(Username, password);
            method.PasswordExpired += (_, _) => prompt.Warn($"the password of {hop} has expired and must be changed");
            AuthenticationResult result = method.Authenticate(session);
            if (method.AllowedAuthentications is { } allowed) log.Allowed = AllowedAuthentications = allowed;
            if (result != AuthenticationResult.Failure)
            {
                log.Accept(Name);
                return result;
            }

            if (tries + 1 < Tries) prompt.Warn("Permission denied, please try again.");
        }

        return AuthenticationResult.Failure;
    }
}
