using System.Text;
using SyncHop.Cli.Arguments;
using SyncHop.Cli.Options;
using SyncHop.Engine;
using SyncHop.Jobs.Locking;

namespace SyncHop.Cli.Running;

/// <summary>Runs something while no other run that wants the same lock does (<c>--lock</c>, <c>--lock-wait</c>).</summary>
internal static class DestinationLock
{
    /// <summary>Takes the lock that the options ask for.</summary>
    /// <returns>null where they ask for none.</returns>
    /// <exception cref="CommandException">Another run holds it (exit code 75), or the file cannot be a lock.</exception>
    public static async Task<RunLock?> AcquireAsync(Invocation invocation, IOutput output, CancellationToken cancellation)
    {
        UnattendedOptions options = invocation.Unattended;
        if (options.Lock is null) return null;
        string file = options.Lock.Length > 0 ? options.Lock : FileOf(invocation);
        return await TakeAsync(file, options.LockWait ?? TimeSpan.Zero, tells: invocation.Options.Verbosity > 0, output, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes a lock.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="wait">How long to wait for it.</param>
    /// <param name="tells">Whether a wait, and a holder that ended without giving it up, are worth a line.</param>
    /// <param name="output">Where that goes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CommandException">Another run holds it (exit code 75), or the file cannot be a lock.</exception>
    public static async Task<RunLock> TakeAsync(string file, TimeSpan wait, bool tells, IOutput output, CancellationToken cancellation)
    {
        try
        {
            RunLock taken = await RunLock.AcquireAsync(file, wait, tells ? TellWait : null, cancellation).ConfigureAwait(false);
            if (tells && taken.Former is { } former)
            {
                string how = former.IsOfAnotherBoot ? "this machine was restarted meanwhile" : "it ended without giving it up";
                SideConnector.WriteError(output, $"synchop: taking over the lock {file} of {former}: {how}");
            }
            return taken;
        }
        catch (LockHeldException held)
        {
            throw new CommandException(ExitCode.Locked, held.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.FileIo, e.Message);
        }

        void TellWait(LockHolder? holder) => SideConnector.WriteError(
            output, $"synchop: waiting for the lock {file} of {holder?.ToString() ?? "another process"}, at most {wait.TotalSeconds:0} s");
    }

    private static string FileOf(Invocation invocation)
    {
        (IReadOnlyList<Endpoints.HopAddress> hops, byte[] path) = invocation.Operands.Destination is { } destination
            ? (invocation.Operands.DestinationHops, destination)
            : (invocation.Operands.SourceHops, invocation.Operands.Sources[0]);
        if (hops.Count > 0) return LockFiles.OfDestination(Encoding.UTF8.GetBytes(string.Join(',', hops)), path);
        // The same place has one lock, whichever way it is written.
        byte[] here = ByteString.Encode(Path.GetFullPath(ByteString.Decode(path) is { Length: > 0 } typed ? typed : "."));
        return LockFiles.OfDestination([], here);
    }
}
