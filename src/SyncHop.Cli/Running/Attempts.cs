using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;

namespace SyncHop.Cli.Running;

/// <summary>Makes a lost connection again and has the run go on where it stopped.</summary>
/// <param name="invocation">The run: how often and when, and whether anything is remote.</param>
/// <param name="output">Where each new attempt is told.</param>
internal sealed class Attempts(Invocation invocation, IOutput output)
{
    private const int UnattendedRetries = 3;
    private const int StandardError = 2;

    // A user at a terminal sees what happens, and decides.
    private readonly RetryPolicy _policy = new(RetriesOf(invocation), invocation.Ssh.RetryWait);

    /// <summary>What the attempts know of each other; null when a lost connection ends the run for good.</summary>
    // A dry run and a listing would tell everything once more.
    public Resumption? Resumption { get; } =
        RetriesOf(invocation) == 0 || invocation.Options.DryRun || invocation.Options.ListOnly ? null : new Resumption();

    /// <summary>Makes attempts until one comes to its end.</summary>
    /// <param name="attempt">Makes one; calls what it is given when all hosts are reached.</param>
    /// <param name="cancellation">Ends the attempt or the wait.</param>
    /// <exception cref="CommandException">The last attempt did not reach a host.</exception>
    /// <exception cref="ReplicaLostException">The last attempt lost a connection.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ExitCode> RunAsync(Func<Action, Task<ExitCode>> attempt, CancellationToken cancellation)
    {
        bool wasConnected = false;
        CommandException? loss = null;
        while (true)
        {
            TimeSpan wait;
            string reason;
            try
            {
                return await attempt(() => wasConnected = true).ConfigureAwait(false);
            }
            catch (ReplicaLostException lost) when (Resumption is not null && !cancellation.IsCancellationRequested)
            {
                if (!_policy.TryNext(Resumption.TakeProgress(), out wait)) throw;
                loss = new CommandException(lost.TimedOut ? ExitCode.Timeout : ExitCode.StreamIo, lost.Message);
                reason = lost.Message;
            }
            catch (CommandException unreached) when (IsTemporary(unreached.Code) && (wasConnected || invocation.Ssh.Retries is not null) && !cancellation.IsCancellationRequested)
            {
                if (!_policy.TryNext(progressed: false, out wait))
                {
                    // What ended the run is that the connection was lost, and why it did not come back.
                    if (loss is not null) throw new CommandException(loss.Code, unreached.Message);
                    throw;
                }
                reason = unreached.Message;
            }
            SideConnector.WriteError(output, $"synchop: {reason}; trying again in {wait.TotalSeconds:0.#} s ({_policy.Used} of {_policy.Retries})");
            await Task.Delay(wait, cancellation).ConfigureAwait(false);
        }
    }

    private static int RetriesOf(Invocation invocation) =>
        invocation.Operands.SourceHops.Count + invocation.Operands.DestinationHops.Count == 0 ? 0
            : invocation.Ssh.Retries ?? (Posix.IsTerminal(StandardError) == 1 ? 0 : UnattendedRetries);

    /// <summary>Whether a host may be reached later that is not now; a refused login or key is none of these.</summary>
    private static bool IsTemporary(ExitCode code) => code is ExitCode.SocketIo or ExitCode.ConnectTimeout or ExitCode.StreamIo or ExitCode.Timeout;
}
