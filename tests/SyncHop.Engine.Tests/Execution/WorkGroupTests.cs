using SyncHop.Engine.Execution;

namespace SyncHop.Engine.Tests.Execution;

public class WorkGroupTests
{
    [Fact]
    public async Task It_is_idle_when_all_work_has_ended()
    {
        WorkGroup group = new();
        Assert.True(group.WhenIdleAsync().IsCompleted);
        group.Begin();
        group.Begin();
        Task idle = group.WhenIdleAsync(), same = group.WhenIdleAsync();
        group.End();
        Assert.False(idle.IsCompleted);
        group.End();
        await Task.WhenAll(idle, same);
        group.Begin();
        Task again = group.WhenIdleAsync();
        Assert.False(again.IsCompleted);
        group.End();
        await again;
    }

    [Fact]
    public async Task Work_may_begin_more_work_on_any_thread()
    {
        WorkGroup group = new();
        int done = 0;
        void Start(int depth)
        {
            group.Begin();
            _ = Task.Run(() =>
            {
                for (int i = 0; depth > 0 && i < 3; i++) Start(depth - 1);
                Interlocked.Increment(ref done);
                group.End();
            });
        }
        Start(6);
        await group.WhenIdleAsync().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(1 + 3 + 9 + 27 + 81 + 243 + 729, done);
    }
}
