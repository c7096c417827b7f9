using SyncHop.Engine.Identities;
using Xunit;

namespace SyncHop.Engine.Tests.Identities;

public class IdRulesTests
{
    [Theory]
    [InlineData("daemon:7", 1, "daemon", 7L)]
    [InlineData("daemon:7", 2, "bin", null)]
    [InlineData("1:7", 1, "daemon", 7L)]
    [InlineData("01:7", 1, "", 7L)]
    [InlineData("0-5:7", 5, "games", 7L)]
    [InlineData("0-5:7", 6, "", null)]
    [InlineData("5-0:7", 3, "", null)]
    [InlineData("b-n:7", 3, "sys", null)]
    [InlineData("*:7", 12345, "", 7L)]
    [InlineData(":7", 12345, "", 7L)]
    [InlineData(":7", 1, "daemon", null)]
    [InlineData(":7,d*:8,*:9", 1, "daemon", 8L)]
    [InlineData(":7,d*:8,*:9", 2, "bin", 9L)]
    [InlineData("[bd]*:7", 2, "bin", 7L)]
    [InlineData("[!bd]*:7", 2, "bin", null)]
    [InlineData("[a-c]in:7", 2, "bin", 7L)]
    [InlineData("?in:7", 2, "bin", 7L)]
    [InlineData("?in:7", 2, "in", null)]
    [InlineData("*a*n:7", 1, "daemon", 7L)]
    [InlineData("\\*:7", 1, "*", 7L)]
    [InlineData("bin:games", 2, "bin", 5L)]
    [InlineData("bin:nobody-knows,*:8", 2, "bin", 8L)]
    [InlineData("1:5,1:6", 1, "", 5L)]
    public void The_first_pair_that_matches_counts(string map, uint id, string name, long? expected) =>
        Assert.Equal(expected, Rules(map).Map(id, Samples.B(name)));

    [Theory]
    [InlineData("", "No colon found in --usermap: ")]
    [InlineData("a", "No colon found in --usermap: a")]
    [InlineData("daemon:games,", "No colon found in --usermap: ")]
    [InlineData("daemon:,bin:9", "No name found after colon --usermap: daemon:")]
    [InlineData("0-:9", "Invalid number in --usermap: 0-")]
    [InlineData("1-a:5", "Invalid number in --usermap: 1-a")]
    [InlineData("4294967296:5", "Invalid ID number: 4294967296")]
    [InlineData("1:99999999999", "Invalid ID number: 99999999999")]
    public void What_is_not_a_map_is_refused(string map, string message)
    {
        SyncException e = Assert.Throws<SyncException>(() => Rules(map));
        Assert.Equal(message, e.Message);
        Assert.Equal(ExitCode.Usage, e.Code);
    }

    [Fact]
    public void A_name_that_the_receiver_does_not_know_is_told()
    {
        List<string> unknown = [];
        _ = new IdRules("groupmap", Samples.B("a:b:c,d:0x5,e:-5"), _ => null, name => unknown.Add(Samples.S(name)));
        Assert.Equal(["-5", "0x5", "b:c"], unknown);
    }

    [Fact]
    public void A_pattern_of_stars_takes_no_exponential_time() =>
        Assert.False(NamePattern.Matches(Samples.B(string.Concat(Enumerable.Repeat("*a", 200)) + "b"), Samples.B(new string('a', 2000))));

    private static IdRules Rules(string map) =>
        new("usermap", Samples.B(map), name => Samples.S(name) == "games" ? 5 : null, _ => { });
}
