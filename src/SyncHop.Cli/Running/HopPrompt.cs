using System.Text;
using SyncHop.Cli.Jobs;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Ssh;

namespace SyncHop.Cli.Running;

/// <summary>
/// Answers the hop chain's questions from the terminal or, without one, from the program that SSH_ASKPASS names; shows its
/// warnings on standard error.
/// </summary>
internal sealed class HopPrompt(
    TerminalPrompt terminal, AskPass? askPass, IOutput output, bool batch, bool quiet, CancellationToken cancellation) : IUserPrompt
{
    /// <summary>Knows the answers that a job has a way to; null for none.</summary>
    public JobAnswers? Answers { get; init; }

    /// <inheritdoc/>
    public bool IsInteractive => Answers is not null || AsksUser;

    /// <inheritdoc/>
    public string Obstacle => batch ? "nothing may be asked (--batch)" : "there is no terminal to ask on";

    /// <inheritdoc/>
    public byte[]? AskSecret(string prompt, string asker) => Answers?.Find(asker, Warn, cancellation) ?? AskSecret(prompt);

    /// <inheritdoc/>
    public byte[]? AskSecret(string prompt)
    {
        if (!AsksUser) return null;
        return UsesProgram ? askPass!.Ask(prompt, Warn, cancellation) : terminal.AskSecret(prompt, cancellation);
    }

    /// <inheritdoc/>
    public string? Ask(string prompt)
    {
        if (!AsksUser) return null;
        if (!UsesProgram) return terminal.AskLine(prompt, cancellation);
        return askPass!.Ask(prompt, Warn, cancellation) is { } answer ? Encoding.UTF8.GetString(answer) : null;
    }

    /// <inheritdoc/>
    public void Warn(string message)
    {
        if (quiet) return;
        foreach (string line in message.Split('\n')) output.WriteError(Encoding.UTF8.GetBytes($"synchop: {TerminalText.Escape(line)}\n"));
    }

    private bool AsksUser => !batch && (askPass is not null || terminal.IsInteractive);

    private bool UsesProgram => askPass is not null && (askPass.IsPreferred || !terminal.IsInteractive);
}
