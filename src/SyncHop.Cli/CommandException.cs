using SyncHop.Engine;

namespace SyncHop.Cli;

/// <summary>Ends the command with one line on standard error and an exit code.</summary>
/// <param name="code">The exit code.</param>
/// <param name="message">One line, without the program's name.</param>
internal sealed class CommandException(ExitCode code, string message) : Exception(message)
{
    /// <summary>The exit code.</summary>
    public ExitCode Code { get; } = code;

    /// <summary>Whether the program's name stands before the message: before some of its messages rsync has none.</summary>
    public bool IsNamed { get; init; } = true;

    /// <summary>A mistake in the arguments: exit code 1.</summary>
    public static CommandException Usage(string message) => new(ExitCode.Usage, message);
}
