namespace SyncHop.Sftp;

/// <content>OPENDIR, READDIR and the listing of a whole directory.</content>
public sealed partial class SftpClient
{
    /// <summary>READDIRs in flight at the start; also the cost of the overshoot at the end of a small directory.</summary>
    private const int InitialReadAhead = 2;

    /// <summary>Most READDIRs in flight; with OpenSSH's 100 names each, 6,400 entries a round trip.</summary>
    private const int MaxReadAhead = 64;

    /// <summary>Replies in a row that name nothing but the directory itself and its parent; an honest server has at most one.</summary>
    private const int MostBarrenReplies = 1000;

    /// <summary>Opens a directory (OPENDIR). If cancelled, a handle that arrives later is closed.</summary>
    public ValueTask<SftpHandle> OpenDirAsync(ReadOnlyMemory<byte> path, CancellationToken cancellationToken = default)
    {
        HandleRequest request = _handleRequests.Rent("opendir");
        request.Packet.Begin(PacketType.OpenDir);
        request.Packet.WritePath(path.Span);
        return Submit(request, cancellationToken);
    }

    /// <summary>Reads the next entries of an open directory (READDIR) into <paramref name="sink"/>.</summary>
    /// <returns>False at the end of the directory.</returns>
    public ValueTask<bool> ReadDirAsync(
        SftpHandle handle, ISftpDirectorySink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentNullException.ThrowIfNull(sink);
        ReadOnlySpan<byte> handleBytes = handle.Bytes;
        ReadDirectoryRequest request = _readDirectoryRequests.Rent("readdir");
        request.SetSink(sink);
        request.Packet.Begin(PacketType.ReadDir);
        request.Packet.WriteString(handleBytes);
        return Submit(request, cancellationToken);
    }

    /// <summary>
    /// Lists a whole directory into <paramref name="sink"/>. Two READDIRs follow the OPENDIR at once, and each reply
    /// that brings entries raises the number in flight by one, so a large directory takes a number of round trips
    /// that grows with the logarithm of its size. The CLOSE is sent with the end of the directory and not waited for.
    /// How many entries there can be is the sink's to say: what it throws ends the listing.
    /// </summary>
    /// <exception cref="SftpException">The server refused, or goes on without naming anything.</exception>
    public async ValueTask ListDirectoryAsync(
        ReadOnlyMemory<byte> path, ISftpDirectorySink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        SftpHandle handle = await OpenDirAsync(path, cancellationToken).ConfigureAwait(false);
        var gate = new ListingGate(sink);
        var inFlight = new Queue<ReadAhead>();
        try
        {
            int wanted = InitialReadAhead, barren = 0;
            long told = 0;
            do
            {
                barren = gate.Told == told ? barren + 1 : 0;
                told = gate.Told;
                if (barren > MostBarrenReplies) throw new SftpException(SftpStatusCode.BadMessage, "a listing that names nothing and does not end", "readdir", path.ToArray());
                while (inFlight.Count < wanted)
                    inFlight.Enqueue(new ReadAhead(ReadDirAsync(handle, gate, cancellationToken)));
                wanted = Math.Min(wanted + 1, MaxReadAhead);
            }
            while (await inFlight.Dequeue().Reply.ConfigureAwait(false));
        }
        finally
        {
            gate.End();
            CloseOrphan(handle.TakeForClose(), follows: false);
            while (inFlight.TryDequeue(out ReadAhead overshoot))
                overshoot.Forget();
        }
    }

    /// <summary>A READDIR in flight, awaited once or forgotten.</summary>
    private readonly struct ReadAhead(ValueTask<bool> reply)
    {
        public ValueTask<bool> Reply => reply;

        /// <summary>One beyond the end of the directory: its EOF says nothing new, and a failure tells every request.</summary>
        public async void Forget()
        {
            try
            {
                await reply.ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The listing has its result, or the exception that ended it.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }
    }
}
