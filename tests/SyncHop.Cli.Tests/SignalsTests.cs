using SyncHop.Cli.Terminal;
using Xunit;

namespace SyncHop.Cli.Tests;

public class SignalsTests
{
    private const int Sigterm = 15;

    [Fact]
    public async Task The_first_signal_cancels_the_run()
    {
        using Signals signals = new(beforeExit: () => { });
        TaskCompletionSource cancelled = new();
        await using CancellationTokenRegistration registration = signals.Token.Register(cancelled.SetResult);
        Assert.Equal(0, Native.Kill(Native.ProcessId(), Sigterm));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(signals.Token.IsCancellationRequested);
    }
}
