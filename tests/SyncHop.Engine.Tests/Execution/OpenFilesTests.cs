using SyncHop.Engine.Execution;
using Xunit;

namespace SyncHop.Engine.Tests.Execution;

public sealed class OpenFilesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_is_served_in_order_and_more_when_there_may_be_more()
    {
        int atOnce = 2;
        OpenFiles files = new(() => atOnce);
        OpenFiles.Permit first = await files.TakeAsync(Token), second = await files.TakeAsync(Token);
        Task<OpenFiles.Permit>[] waiting = [.. Enumerable.Range(0, 4).Select(_ => files.TakeAsync(Token).AsTask())];
        Assert.DoesNotContain(waiting, static one => one.IsCompleted);

        first.Dispose();
        await waiting[0].WaitAsync(Token);
        Assert.DoesNotContain(waiting.Skip(1), static one => one.IsCompleted);

        atOnce = 4;
        second.Dispose();
        await Task.WhenAll(waiting.Take(4)).WaitAsync(Token);
        second.Dispose();
        Task<OpenFiles.Permit> late = files.TakeAsync(Token).AsTask();
        Assert.False(late.IsCompleted);
        (await waiting[0]).Dispose();
        (await late.WaitAsync(Token)).Dispose();
    }

    [Fact]
    public async Task Who_gave_up_takes_nobodys_place()
    {
        OpenFiles files = new(static () => 1);
        OpenFiles.Permit held = await files.TakeAsync(Token);
        using CancellationTokenSource gaveUp = new();
        Task<OpenFiles.Permit> first = files.TakeAsync(gaveUp.Token).AsTask(), second = files.TakeAsync(Token).AsTask();
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        held.Dispose();

        (await second.WaitAsync(Token)).Dispose();
    }
}
