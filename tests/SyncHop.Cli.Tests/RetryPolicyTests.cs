using CsCheck;
using SyncHop.Cli.Running;
using Xunit;

namespace SyncHop.Cli.Tests;

public sealed class RetryPolicyTests
{
    [Fact]
    public void The_wait_doubles_up_to_five_minutes_with_a_quarter_of_jitter() =>
        Gen.Select(Gen.Int[0, 100], Gen.Double[0, 1]).Sample((earlier, random) =>
        {
            double wait = new RetryPolicy(3, TimeSpan.FromSeconds(2)).WaitBefore(earlier, random).TotalSeconds;
            double middle = Math.Min(2 * Math.Pow(2, earlier), 300);
            Assert.InRange(wait, middle * 0.7499, middle * 1.2501);
        });

    [Fact]
    public void Attempts_that_get_nowhere_are_counted()
    {
        RetryPolicy policy = new(2, TimeSpan.Zero);
        Assert.True(policy.TryNext(progressed: false, out _));
        Assert.True(policy.TryNext(progressed: true, out _));
        Assert.Equal(1, policy.Used);
        Assert.True(policy.TryNext(progressed: false, out _));
        Assert.False(policy.TryNext(progressed: false, out _));
        Assert.False(new RetryPolicy(0, TimeSpan.Zero).TryNext(progressed: true, out _));
    }
}
