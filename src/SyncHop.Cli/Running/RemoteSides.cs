using SyncHop.Engine;

namespace SyncHop.Cli.Running;

/// <summary>The remote sides of a run: none, one, or both.</summary>
internal sealed class RemoteSides : IAsyncDisposable
{
    private const int LooksForLoss = 10;
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(30);

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

    /// <summary>Says of what was lost which hop it was.</summary>
    /// <param name="sentence">What the session noticed, which does not know whose it is.</param>
    public async Task<string> DescribeLossAsync(string sentence)
    {
        // A channel may end a moment before it is known which connection took it along.
        for (int looks = 0; looks < LooksForLoss; looks++)
        {
            if (Both().Select(side => side.Broken).FirstOrDefault(broken => broken is not null) is { } hop) return hop.Message;
            await Task.Delay(s_lookInterval).ConfigureAwait(false);
        }
        return Both().ToList() is [var only] ? only.Describe(sentence) : $"{Names}: {sentence}";
    }

    /// <summary>How many connections there are to remote hosts.</summary>
    public int Connections => Both().Sum(static side => side.Connections);

    /// <summary>Bytes of content that a remote destination has not acknowledged yet.</summary>
    public long BytesUnacknowledged => Destination?.Host.BytesUnderWay ?? 0;

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

    /// <summary>
    /// Connects the sides, one after the other: their questions do not mix, a credential that a common hop refused is not
    /// tried on it again, and its server sees no burst of connections. When the second fails the first is closed.
    /// </summary>
    /// <param name="source">Connects the sources' host; null when it is this machine.</param>
    /// <param name="destination">Connects the destination's host; null when it is this machine.</param>
    public static async Task<RemoteSides> ConnectAsync(Func<Task<RemoteSide>>? source, Func<Task<RemoteSide>>? destination)
    {
        RemoteSide? first = source is null ? null : await source().ConfigureAwait(false);
        try
        {
            return new RemoteSides(first, destination is null ? null : await destination().ConfigureAwait(false));
        }
        catch
        {
            if (first is not null) await first.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (RemoteSide side in Both()) await side.DisposeAsync().ConfigureAwait(false);
    }

    private IEnumerable<RemoteSide> Both()
    {
        if (Source is not null) yield return Source;
        if (Destination is not null) yield return Destination;
    }
}
