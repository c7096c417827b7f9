using SyncHop.Cli.Running;
using Xunit;

namespace SyncHop.Cli.Tests;

/// <summary>When one more connection to the final host is opened.</summary>
public sealed class ConnectionRuleTests
{
    private const double Window = 2 << 20;
    private const int Processors = 2;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    /// <summary>An unlimited link: each connection brings as much as the window lets it.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(300)]
    public void A_window_that_is_used_up_asks_for_more_up_to_eight(int milliseconds)
    {
        ConnectionRule rule = Rule(milliseconds);
        double each = Window * 0.8 / (milliseconds / 1000.0);
        for (int connections = 1; connections < 8; connections++)
            Assert.Contains($"{milliseconds} ms", rule.Obstacle(Moved(connections, connections * each)), StringComparison.Ordinal);
        Assert.Null(rule.Obstacle(Moved(8, 8 * each)));
        Assert.Equal("8 are the most", rule.Ended);
    }

    /// <summary>A link of 100 Mbit/s: what the window left unused is little, and with two connections nothing holds them up.</summary>
    [Fact]
    public void A_link_that_is_full_needs_no_more()
    {
        ConnectionRule rule = Rule(200);
        Assert.NotNull(rule.Obstacle(Moved(1, 10e6)));
        Assert.Null(rule.Obstacle(Moved(2, 12.5e6)));
        Assert.Null(rule.Ended);
    }

    [Fact]
    public void One_that_brought_nothing_was_the_last()
    {
        ConnectionRule rule = Rule(100);
        Assert.NotNull(rule.Obstacle(Moved(1, 30e6)));
        // The same number again is no judgement of it.
        Assert.NotNull(rule.Obstacle(Moved(1, 29e6)));
        Assert.Null(rule.Obstacle(Moved(2, 30.5e6)));
        Assert.Equal("2 move 30.5 MB/s, 1 moved 29.0", rule.Ended);
        Assert.Null(rule.Obstacle(Moved(2, 300e6)));
    }

    /// <summary>The eighth cannot bring 10 %, however well it does.</summary>
    [Theory]
    [InlineData(1.08, true)]
    [InlineData(1.04, false)]
    public void One_of_many_may_bring_less(double gain, bool goesOn)
    {
        ConnectionRule rule = Rule(200);
        Assert.NotNull(rule.Obstacle(Moved(6, 50e6)));
        Assert.Equal(goesOn, rule.Obstacle(Moved(7, 50e6 * gain)) is not null);
        Assert.Equal(goesOn, rule.Ended is null);
    }

    [Theory]
    [InlineData(0.3, 50e6)]
    [InlineData(4.9, 300e6)]
    public void A_short_link_has_no_use_for_a_second_one(double milliseconds, double rate) =>
        Assert.Null(new ConnectionRule(TimeSpan.FromMilliseconds(milliseconds), Processors).Obstacle(Moved(1, rate, processors: 1.9)));

    [Fact]
    public void Little_traffic_asks_for_nothing() => Assert.Null(Rule(100).Obstacle(Moved(1, 5e6)));

    [Fact]
    public void A_host_that_does_not_tell_the_round_trip_gets_one_for_the_cipher_alone()
    {
        Assert.Null(new ConnectionRule(null, 8).Obstacle(Moved(1, 300e6, processors: 0.5)));
        Assert.Equal("they take 1.0 of 8 processors", new ConnectionRule(null, 8).Obstacle(Moved(1, 300e6, processors: 1)));
    }

    [Theory]
    [InlineData(1, 1.0, 4, true)]
    [InlineData(2, 1.9, 4, true)]
    [InlineData(2, 1.2, 4, false)] // they wait for something else
    [InlineData(3, 2.9, 4, false)] // no processor is left
    [InlineData(1, 1.0, 2, false)]
    public void A_processor_that_is_used_up_asks_for_another(int connections, double busy, int processors, bool wanted) =>
        Assert.Equal(wanted, new ConnectionRule(TimeSpan.FromMilliseconds(1), processors).Obstacle(Moved(connections, 300e6, busy)) is not null);

    private static ConnectionRule Rule(int milliseconds) => new(TimeSpan.FromMilliseconds(milliseconds), Processors);

    private static ConnectionSample Moved(int connections, double rate, double processors = 0.2) =>
        new(connections, s_second, (long)rate, processors * s_second);
}
