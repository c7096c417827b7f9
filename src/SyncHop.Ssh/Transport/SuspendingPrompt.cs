namespace SyncHop.Ssh.Transport;

/// <summary>Asks one question at a time and stops the hop's clock meanwhile; in batch mode nothing is asked.</summary>
internal sealed class SuspendingPrompt(IUserPrompt prompt, HopDeadline deadline, bool batch) : IUserPrompt
{
    public bool IsInteractive => !batch && prompt.IsInteractive;

    public string Obstacle => batch ? "nothing may be asked (BatchMode)" : prompt.Obstacle;

    public byte[]? AskSecret(string question) =>
        IsInteractive ? deadline.Suspend(() => prompt.AskSecret(question)) : null;

    public byte[]? AskSecret(string question, string asker) =>
        IsInteractive ? deadline.Suspend(() => prompt.AskSecret(question, asker)) : null;

    public string? Ask(string question) => IsInteractive ? deadline.Suspend(() => prompt.Ask(question)) : null;

    public void Warn(string message) => prompt.Warn(message);

    /// <summary>Does what may wait for the user without asking here: a touch of a token that the agent wants.</summary>
    public T Suspend<T>(Func<T> action) => deadline.Suspend(action);
}
