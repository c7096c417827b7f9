namespace SyncHop.Engine.Execution;

/// <summary>Bounds how many items have files open, by what the hosts permit; whoever waits is served in order.</summary>
/// <param name="atOnce">How many.</param>
internal sealed class OpenFiles(int atOnce) : IDisposable
{
    private readonly SemaphoreSlim _free = new(atOnce);

    /// <summary>Waits for the right to have files open.</summary>
    public async ValueTask<Permit> TakeAsync(CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        return new Permit(_free);
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    /// <summary>One item's right; given back once, at the latest when it is disposed of.</summary>
    internal sealed class Permit(SemaphoreSlim free) : IDisposable
    {
        private int _isReturned;

        /// <summary>Gives it back: what the item still has to do opens nothing.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReturned, 1) == 0) free.Release();
        }
    }
}
