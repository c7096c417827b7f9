using SyncHop.Engine;

namespace SyncHop.Cli.Running;

/// <summary>The remote sides of a run: none, one, or both.</summary>
internal sealed class RemoteSides : IAsyncDisposable
{
    private RemoteSides(RemoteSide? source, RemoteSide? destination)
    {
        Source = source;
        Destination = destination;
    }

    /// <summary>The sources' host; null when it is this machine.</summary>
    public RemoteSide? Source { get; }

    /// <summary>The destination's host; null when it is this machine.</summary>
    public RemoteSide? Destination { get; }

    /// <summary>Whether any side is remote.</summary>
    public bool Any => Source is not null || Destination is not null;

    /// <summary>The remote hosts' names, for messages.</summary>
    public string Names => string.Join(" or ", Both().Select(side => side.Name));

    /// <summary>Whether a remote side owes an answer.</summary>
    public bool AwaitsReplies => Both().Any(side => side.Host.AwaitsReply);

    /// <summary>Bytes sent to and received from the remote sides so far.</summary>
    public WireBytes WireBytes()
    {
        long sent = 0, received = 0;
        foreach (RemoteSide side in Both())
        {
            WireBytes wire = side.WireBytes;
            sent += wire.Sent;
            received += wire.Received;
        }
        return new WireBytes(sent, received);
    }

    /// <summary>Waits for the connections; when one fails the other is closed.</summary>
    public static async Task<RemoteSides> GatherAsync(Task<RemoteSide>? source, Task<RemoteSide>? destination)
    {
        try
        {
            return new RemoteSides(
                source is null ? null : await source.ConfigureAwait(false),
                destination is null ? null : await destination.ConfigureAwait(false));
        }
        catch
        {
            await CloseAsync(source).ConfigureAwait(false);
            await CloseAsync(destination).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (RemoteSide side in Both()) await side.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task CloseAsync(Task<RemoteSide>? connecting)
    {
        if (connecting is null) return;
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully) await (await connecting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    private IEnumerable<RemoteSide> Both()
    {
        if (Source is not null) yield return Source;
        if (Destination is not null) yield return Destination;
    }
}
