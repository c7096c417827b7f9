using Renci.SshNet;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Authentication;

/// <summary>The methods to try at a hop, in ssh's order: keys, keyboard-interactive, password.</summary>
internal static class AuthenticationPlan
{
    public static AuthenticationMethod[] Create(
        HopSettings hop, KeyStore keys, IUserPrompt prompt, AuthenticationLog log)
    {
        var methods = new List<AuthenticationMethod>();
        foreach (string path in hop.IdentityFiles)
            if (keys.Get(path, hop.IdentitiesAreDefault, prompt) is { } key)
                methods.Add(new PublicKeyMethod(hop.User, key, prompt, log));
        if (prompt.IsInteractive)
        {
            methods.Add(new KeyboardInteractiveMethod(hop.User, hop.Display, prompt, log));
            methods.Add(new PasswordMethod(hop.User, hop.Display, prompt, log));
        }

        // SSH.NET always tries "none" first, but wants at least one method named.
        if (methods.Count == 0) methods.Add(new NoneAuthenticationMethod(hop.User));
        return [.. methods];
    }
}
