using CsCheck;
using SyncHop.Engine.Contract;
using Xunit;

namespace SyncHop.Engine.Tests.Contract;

public sealed class WrittenRangesTests
{
    [Fact]
    public void It_knows_what_a_map_of_the_bytes_knows() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 12]).Array[0, 30].Select(Gen.Int[0, 70]).Sample((ranges, start) =>
        {
            WrittenRanges written = new();
            bool[] map = new bool[200];
            foreach ((int offset, int length) in ranges)
            {
                written.Add(offset, length);
                map.AsSpan(offset, length).Fill(true);
            }
            int end = start;
            while (map[end]) end++;
            Assert.Equal(end, written.EndFrom(start));
        });

    [Fact]
    public void Too_many_ranges_are_forgotten_and_never_made_up()
    {
        WrittenRanges written = new();
        written.Add(0, 10);
        for (int i = 1; i < 5000; i++) written.Add(i * 100, 10);
        Assert.Equal(10, written.EndFrom(0));
        Assert.Equal(400_000, written.EndFrom(400_000));
        written.Add(10, 20);
        Assert.Equal(30, written.EndFrom(0));
    }
}
