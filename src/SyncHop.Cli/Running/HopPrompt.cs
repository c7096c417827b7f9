using System.Text;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Ssh;

namespace SyncHop.Cli.Running;

/// <summary>Answers the hop chain's questions from the terminal and shows its warnings on standard error.</summary>
internal sealed class HopPrompt(TerminalPrompt terminal, IOutput output, bool quiet, CancellationToken cancellation) : IUserPrompt
{
    /// <inheritdoc/>
    public bool IsInteractive => terminal.IsInteractive;

    /// <inheritdoc/>
    public string? AskSecret(string prompt) => terminal.AskSecret(prompt, cancellation);

    /// <inheritdoc/>
    public string? Ask(string prompt) => terminal.AskLine(prompt, cancellation);

    /// <inheritdoc/>
    public void Warn(string message)
    {
        if (!quiet) output.WriteError(Encoding.UTF8.GetBytes($"synchop: {TerminalText.Escape(message)}\n"));
    }
}
