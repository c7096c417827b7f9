namespace SyncHop.Ssh.Transport;

/// <summary>Asks one question at a time and stops the hop's clock meanwhile.</summary>
internal sealed class SuspendingPrompt(IUserPrompt prompt, HopDeadline deadline) : IUserPrompt
{
    public bool IsInteractive => prompt.IsInteractive;

    public string? AskSecret(string question) => deadline.Suspend(() => prompt.AskSecret(question));

    public string? Ask(string question) => deadline.Suspend(() => prompt.Ask(question));

    public void Warn(string message) => prompt.Warn(message);
}
