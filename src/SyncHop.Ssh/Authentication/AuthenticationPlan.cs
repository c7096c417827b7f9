using Renci.SshNet;
using SyncHop.Ssh.Configuration;
using SyncHop.Ssh.HostKeys;
using SyncHop.Ssh.Transport;

namespace SyncHop.Ssh.Authentication;

/// <summary>The methods to try at a hop, in the order of PreferredAuthentications or ssh's own.</summary>
internal static class AuthenticationPlan
{
    private static readonly string[] Order = ["publickey", "keyboard-interactive", "password"];

    /// <summary>The methods of a login that is repeated: its keys, or nothing.</summary>
    public static AuthenticationMethod[] Repeat(
        Login login, HopSettings hop, KeyStore keys, SuspendingPrompt prompt, AuthenticationLog log) =>
        login.Keys is { Count: > 0 } accepted
            ? [new PublicKeyMethod(hop, keys, prompt, log, accepted)]
            : [new NoneAuthenticationMethod(hop.User)];

    public static AuthenticationMethod[] Create(
        HopSettings hop, KeyStore keys, SuspendingPrompt prompt, AuthenticationLog log, HostKeyVerifier host)
    {
        var methods = new List<AuthenticationMethod>();
        foreach (string name in (hop.PreferredAuthentications ?? Order).Distinct())
        {
            AuthenticationMethod? method = name switch
            {
                "publickey" when hop.PubkeyAuthentication => new PublicKeyMethod(hop, keys, prompt, log),
                "keyboard-interactive" when hop.KbdInteractiveAuthentication && prompt.IsInteractive =>
                    new KeyboardInteractiveMethod(hop, prompt, log, host),
                "password" when hop.PasswordAuthentication && prompt.IsInteractive =>
                    new PasswordMethod(hop, prompt, log, host),
                _ => null,
            };
            if (method is not null) methods.Add(method);
        }

        // SSH.NET always tries "none" first, but wants at least one method named.
        if (methods.Count == 0) methods.Add(new NoneAuthenticationMethod(hop.User));
        return [.. methods];
    }
}
