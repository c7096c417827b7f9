using SyncHop.Cli.Terminal;
using SyncHop.Engine;

namespace SyncHop.Cli;

/// <summary>Puts the rooms together: the one place that knows all of them.</summary>
internal static class Composition
{
    /// <summary>Does what the user asked for.</summary>
    /// <exception cref="CommandException">It cannot be done.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<ExitCode> RunAsync(
        Invocation invocation, IOutput output, TerminalPrompt prompt, CancellationToken cancellation) =>
        throw new CommandException(ExitCode.Unsupported, "a run is not wired up yet");
}
