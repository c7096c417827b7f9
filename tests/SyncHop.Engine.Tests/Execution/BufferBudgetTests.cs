using CsCheck;
using SyncHop.Engine.Execution;

namespace SyncHop.Engine.Tests.Execution;

public class BufferBudgetTests
{
    // A lost wake-up fails instead of hanging.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Whoever_waits_is_served_in_order()
    {
        BufferBudget budget = new(10);
        await Take(budget, 10);
        Task large = Take(budget, 8), small = Take(budget, 1);
        budget.Return(7);
        Assert.False(large.IsCompleted);
        // Seven bytes are free, but another was first.
        Task late = Take(budget, 1);
        Assert.False(small.IsCompleted || late.IsCompleted);
        budget.Return(1);
        await large;
        Assert.False(small.IsCompleted);
        budget.Return(2);
        await small;
        await late;
    }

    [Fact]
    public async Task What_comes_back_at_once_serves_all_that_fit()
    {
        BufferBudget budget = new(10);
        await Take(budget, 10);
        Task[] waiting = [Take(budget, 3), Take(budget, 3), Take(budget, 4), Take(budget, 1)];
        budget.Return(10);
        for (int i = 0; i < 3; i++) await waiting[i];
        Assert.False(waiting[3].IsCompleted);
        budget.Return(3);
        await waiting[3];
    }

    [Fact]
    public Task It_is_never_exceeded_and_nobody_is_forgotten() => Gen.Int[1, 20].Array[1, 60].SampleAsync(async takes =>
    {
        const int bound = 20;
        BufferBudget budget = new(bound);
        int inUse = 0, most = 0;
        await Task.WhenAll(takes.Select(count => Task.Run(async () =>
        {
            await Take(budget, count);
            int now = Interlocked.Add(ref inUse, count);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Add(ref inUse, -count);
            budget.Return(count);
        }))).WaitAsync(Patience);
        Assert.InRange(most, takes.Max(), bound);
        // All of it is free again.
        Assert.True(Take(budget, bound).IsCompleted);
        Assert.False(Take(budget, 1).IsCompleted);
    });

    private static Task Take(BufferBudget budget, int count) => budget.TakeAsync(count).AsTask();

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value) Interlocked.CompareExchange(ref most, value, seen);
    }
}
