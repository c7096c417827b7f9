using Renci.SshNet;
using Renci.SshNet.Common;

namespace SyncHop.Ssh.Authentication;

/// <summary>Keyboard-interactive authentication (RFC 4256): the server asks, three times at most.</summary>
internal sealed class KeyboardInteractiveMethod(string user, string hop, IUserPrompt prompt, AuthenticationLog log)
    : AuthenticationMethod(user)
{
    private const int Tries = 3;

    public override string Name => "keyboard-interactive";

    public override AuthenticationResult Authenticate(Session session)
    {
        for (int tries = 0; tries < Tries; tries++)
        {
            bool asked = false, refused = false;
            using var method = new KeyboardInteractiveAuthenticationMethod(Username);
            method.AuthenticationPrompt += (_, e) =>
            {
                if (Printable.Block(e.Instruction) is { Length: > 0 } instruction) prompt.Warn(instruction);
                foreach (AuthenticationPrompt question in e.Prompts)
                {
                    asked = true;
                    string text = $"({hop}) {Printable.Line(question.Request)} ";
                    question.Response = question.IsEchoed ? prompt.Ask(text) : prompt.AskSecret(text);
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
}
