using System.Text;

namespace SyncHop.Ssh.Tests.Lab;

/// <summary>Answers from a list and remembers what was asked.</summary>
internal sealed class FakePrompt(params string?[] answers) : IUserPrompt
{
    private readonly Queue<string?> _answers = new(answers);

    public List<string> Questions { get; } = [];

    public List<string> Warnings { get; } = [];

    public bool IsInteractive { get; init; } = true;

    public static FakePrompt NoTerminal => new() { IsInteractive = false };

    public byte[]? AskSecret(string prompt) => Ask(prompt) is { } answer ? Encoding.UTF8.GetBytes(answer) : null;

    public string? Ask(string prompt)
    {
        lock (Questions)
        {
            Questions.Add(prompt);
            return _answers.Count > 0 ? _answers.Dequeue() : null;
        }
    }

    public void Warn(string message)
    {
        lock (Questions) Warnings.Add(message);
    }
}
