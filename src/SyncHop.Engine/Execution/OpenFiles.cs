namespace SyncHop.Engine.Execution;

/// <summary>Bounds how many items have files open, by what the hosts permit; whoever waits is served in order.</summary>
/// <param name="atOnce">How many, as of now: more connections carry more.</param>
internal sealed class OpenFiles(Func<int> atOnce)
{
    private readonly Queue<TaskCompletionSource<Permit>> _waiting = new();
    private int _open;

    /// <summary>Waits for the right to have files open.</summary>
    /// <exception cref="OperationCanceledException">Cancelled meanwhile.</exception>
    public async ValueTask<Permit> TakeAsync(CancellationToken cancellation)
    {
        TaskCompletionSource<Permit> granted;
        lock (_waiting)
        {
            if (_waiting.Count == 0 && _open < atOnce())
            {
                _open++;
                return new Permit(this);
            }
            granted = new TaskCompletionSource<Permit>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(granted);
        }
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static waiter => ((TaskCompletionSource<Permit>)waiter!).TrySetCanceled(), granted);
        return await granted.Task.ConfigureAwait(false);
    }

    private void Return()
    {
        lock (_waiting)
        {
            _open--;
            while (_open < atOnce() && _waiting.TryDequeue(out TaskCompletionSource<Permit>? next))
            {
                if (next.TrySetResult(new Permit(this))) _open++;
            }
        }
    }

    /// <summary>One item's right; given back once, at the latest when it is disposed of.</summary>
    internal sealed class Permit(OpenFiles files) : IDisposable
    {
        private int _isReturned;

        /// <summary>Gives it back: what the item still has to do opens nothing.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReturned, 1) == 0) files.Return();
        }
    }
}
