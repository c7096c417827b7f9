namespace SyncHop.Engine.Execution;

/// <summary>Bounds the memory of buffers in flight over all files; whoever waits is served in order.</summary>
/// <param name="bytes">The bound in bytes.</param>
internal sealed class BufferBudget(long bytes)
{
    private readonly Queue<(int Bytes, TaskCompletionSource Granted)> _waiting = new();
    private readonly long _all = bytes;
    private long _free = bytes;

    /// <summary>How much is taken.</summary>
    public long Taken => _all - Volatile.Read(ref _free);

    /// <summary>Waits until <paramref name="count"/> bytes are free, and takes them; who wants more than the whole budget gets all of it.</summary>
    public ValueTask TakeAsync(int count)
    {
        count = (int)Math.Min(count, _all);
        lock (_waiting)
        {
            if (_waiting.Count == 0 && _free >= count)
            {
                _free -= count;
                return ValueTask.CompletedTask;
            }
            TaskCompletionSource granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((count, granted));
            return new ValueTask(granted.Task);
        }
    }

    /// <summary>Gives back what <paramref name="count"/> was asked for.</summary>
    public void Return(int count)
    {
        count = (int)Math.Min(count, _all);
        lock (_waiting)
        {
            _free += count;
            while (_waiting.TryPeek(out (int Bytes, TaskCompletionSource Granted) next) && next.Bytes <= _free)
            {
                _free -= next.Bytes;
                _waiting.Dequeue().Granted.SetResult();
            }
        }
    }
}
