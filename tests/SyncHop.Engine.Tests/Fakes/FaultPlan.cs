using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Tests.Fakes;

/// <summary>What goes wrong with an operation.</summary>
internal enum Fault
{
    /// <summary>It fails and has no effect.</summary>
    Fail,
    /// <summary>It fails because its entry has vanished.</summary>
    Vanish,
    /// <summary>The run is cancelled while it is under way; it has its effect all the same, as over a network.</summary>
    Cancel,
    /// <summary>The connection is lost before it has an effect; everything later fails too.</summary>
    Lose,
}

/// <summary>Counts the operations of a run, both sides together, and lets the one at an index go wrong.</summary>
/// <param name="index">Which operation, counted from 0; negative for none.</param>
/// <param name="fault">What goes wrong with it.</param>
internal sealed class FaultPlan(int index = -1, Fault fault = Fault.Fail)
{
    private int _count;
    private volatile bool _isLost;

    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>How many operations there were.</summary>
    public int Count => _count;

    /// <summary>Which operation went wrong.</summary>
    public string Hit { get; private set; } = "none";

    /// <summary>Carries out an operation, or not.</summary>
    public async ValueTask<T> RunAsync<T>(string operation, Func<T> effect, CancellationToken cancellation, Action<T>? undo = null)
    {
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        ThrowIfLost();
        if (Interlocked.Increment(ref _count) - 1 != index) return effect();
        Hit = operation;
        switch (fault)
        {
            case Fault.Fail:
                throw new ReplicaException(ReplicaError.Other, operation, "injected");
            case Fault.Vanish:
                throw new ReplicaException(ReplicaError.NotFound, operation, "No such file or directory (2)");
            case Fault.Lose:
                _isLost = true;
                ThrowIfLost();
                break;
        }
        T result = effect();
        await Cancellation.CancelAsync();
        if (!cancellation.IsCancellationRequested) return result;
        undo?.Invoke(result);
        throw new OperationCanceledException(cancellation);
    }

    private void ThrowIfLost()
    {
        if (_isLost) throw new ReplicaLostException("injected");
    }
}
