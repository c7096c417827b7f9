using SyncHop.Engine.Planning;

namespace SyncHop.Engine.Execution;

/// <summary>
/// How far the work in one directory is: when the directory is there (its entries wait for that) and when everything
/// below it is done (then its own times and permissions can be set).
/// </summary>
internal sealed class DirectoryProgress(DirectoryPlan plan, DirectoryProgress? parent)
{
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pending = 1 + plan.Node.ChildCount;
    private volatile bool _touched;

    /// <summary>The directory's plan.</summary>
    public DirectoryPlan Plan { get; } = plan;

    /// <summary>The directory above; null for the top.</summary>
    public DirectoryProgress? Parent { get; } = parent;

    /// <summary>Completes when the directory is there (true), or could not be made (false).</summary>
    public Task<bool> Ready => _ready.Task;

    /// <summary>
    /// Completes when the directory is there or has been asked for (true), so that what is asked for from then on reaches the
    /// host behind it, or could not be made (false).
    /// </summary>
    public Task<bool> Asked => _asked.Task;

    /// <summary>Whether the directory is removed again when everything below it is done: it was made where it does not belong.</summary>
    public bool IsMisplaced { get; set; }

    /// <summary>Whether an entry was made, replaced or removed in the directory, so that its modification time changed.</summary>
    public bool IsTouched => _touched;

    /// <summary>Says whether the directory is there.</summary>
    public void SetReady(bool there)
    {
        _ready.TrySetResult(there);
        _asked.TrySetResult(there);
    }

    /// <summary>Says that the directory has been asked for.</summary>
    public void SetAsked() => _asked.TrySetResult(true);

    /// <summary>Notes that an entry was made, replaced or removed in the directory.</summary>
    public void Touch() => _touched = true;

    /// <summary>Notes one more piece of work below the directory.</summary>
    public void Begin() => Interlocked.Increment(ref _pending);

    /// <summary>Notes that a piece of work is done.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool End() => Interlocked.Decrement(ref _pending) == 0;
}
