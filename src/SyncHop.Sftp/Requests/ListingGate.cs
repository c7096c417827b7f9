namespace SyncHop.Sftp;

/// <summary>Passes entries to a sink until the listing ends, so that READDIRs still in flight then cannot reach it.</summary>
internal sealed class ListingGate(ISftpDirectorySink sink) : ISftpDirectorySink
{
    private readonly Lock _lock = new();
    private bool _ended;
    private long _told;

    /// <summary>How many names came so far.</summary>
    public long Told => Interlocked.Read(ref _told);

    /// <summary>When it returns, the sink is not called any more.</summary>
    public void End()
    {
        lock (_lock)
            _ended = true;
    }

    public void OnEntry(ReadOnlySpan<byte> name, in SftpAttributes attributes)
    {
        lock (_lock)
        {
            if (_ended)
                return;
            _told++;
            sink.OnEntry(name, attributes);
        }
    }

    public void OnRefusedName(ReadOnlySpan<byte> name)
    {
        lock (_lock)
        {
            if (_ended)
                return;
            _told++;
            sink.OnRefusedName(name);
        }
    }
}
