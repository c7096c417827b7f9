using System.Security.Cryptography;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;
using SyncHop.Ssh.Configuration;
using SyncHop.Ssh.HostKeys;

namespace SyncHop.Ssh.Authentication;

/// <summary>
/// Keyboard-interactive authentication (RFC 4256): the server asks whatever it likes, NumberOfPasswordPrompts times at
/// most.
/// </summary>
internal sealed class KeyboardInteractiveMethod(HopSettings hop, IUserPrompt prompt, AuthenticationLog log, HostKeyVerifier host)
    : AuthenticationMethod(hop.User)
{
    public override string Name => "keyboard-interactive";

    public override AuthenticationResult Authenticate(Session session)
    {
        // Whoever has the wrong key would learn it.
        if (host.HasAcceptedChange)
        {
            prompt.Warn("Keyboard-interactive authentication is disabled to avoid man-in-the-middle attacks.");
            return AuthenticationResult.Failure;
        }

        for (int left = hop.NumberOfPasswordPrompts; left > 0; left--)
        {
            bool asked = false, refused = false;
            using var method = new KeyboardInteractiveAuthenticationMethod(Username);
            method.AuthenticationPrompt += (_, e) =>
            {
                if (Printable.Block(e.Instruction) is { Length: > 0 } instruction) prompt.Warn(instruction);
                foreach (AuthenticationPrompt question in e.Prompts)
                {
                    asked = true;
                    string text = $"({hop.Display}) {Printable.Line(question.Request)} ";
                    question.Response = question.IsEchoed ? prompt.Ask(text) : Secret(text);
                    refused |= question.Response is null;
                }
            };
            log.Try(Name);
            AuthenticationResult result;
            try
            {
                result = method.Authenticate(session);
            }
            catch (SshAuthenticationException) when (refused)
            {
                return AuthenticationResult.Failure;
            }

            if (method.AllowedAuthentications is { } allowed) log.Allowed = AllowedAuthentications = allowed;
            if (result != AuthenticationResult.Failure)
            {
                log.Accept(Name);
                return result;
            }

            // A server that refuses without a question will do so again.
            if (!asked) break;
        }

        return AuthenticationResult.Failure;
    }

    // SSH.NET takes the answer as a string, which cannot be cleared.
    private string? Secret(string question)
    {
        if (prompt.AskSecret(question, hop.Display) is not { } secret) return null;
        string text = Encoding.UTF8.GetString(secret);
        CryptographicOperations.ZeroMemory(secret);
        return text;
    }
}
