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

    [Fact]
    public async Task Only_a_signal_that_comes_later_ends_the_process_at_once()
    {
        Clock clock = new();
        TaskCompletionSource restored = new(), exited = new();
        using Signals signals = new(restored.SetResult, exit: exited.SetResult, clock: clock);
        await SendAsync(clock);
        await SendAsync(clock);
        Assert.False(exited.Task.IsCompleted);
        clock.Seconds = 2;
        await SendAsync(clock);
        await exited.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(restored.Task.IsCompleted);

        // Equal signals that wait at the same time are one: each must have been looked at before the next.
        static async Task SendAsync(Clock clock)
        {
            int looks = clock.Looks;
            Assert.Equal(0, Native.Kill(Native.ProcessId(), Sigterm));
            while (clock.Looks == looks) await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Clock : TimeProvider
    {
        private int _looks;

        public int Looks => Volatile.Read(ref _looks);

        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp()
        {
            Interlocked.Increment(ref _looks);
            return 100 + Seconds;
        }
    }
}
