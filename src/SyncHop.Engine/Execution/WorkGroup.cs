namespace SyncHop.Engine.Execution;

/// <summary>Counts work under way, so that the end of all of it can be waited for.</summary>
internal sealed class WorkGroup
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _idle;
    private int _count;

    /// <summary>Notes one more piece of work.</summary>
    public void Begin()
    {
        lock (_lock) _count++;
    }

    /// <summary>Notes that a piece of work has ended.</summary>
    public void End()
    {
        TaskCompletionSource? idle = null;
        lock (_lock)
        {
            if (--_count == 0) (idle, _idle) = (_idle, null);
        }
        idle?.SetResult();
    }

    /// <summary>Completes when no work is under way.</summary>
    public Task WhenIdleAsync()
    {
        lock (_lock)
        {
            if (_count == 0) return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }
}
