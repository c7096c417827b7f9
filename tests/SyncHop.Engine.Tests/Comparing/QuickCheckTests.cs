using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Tests.Comparing;

public class QuickCheckTests
{
    /// <summary>What rsync(1) has under -c, --size-only and -I: the first of them in this order decides.</summary>
    [Theory]
    [CombinatorialOptions]
    public void Size_then_options_then_time(bool checksum, bool sizeOnly, bool ignoreTimes, bool sameSize, bool sameTime)
    {
        SyncOptions options = new() { Checksum = checksum, SizeOnly = sizeOnly, IgnoreTimes = ignoreTimes };
        QuickCheckResult expected = (checksum, sizeOnly, ignoreTimes, sameSize, sameTime) switch
        {
            (_, _, _, false, _) => QuickCheckResult.Different,
            (true, _, _, _, _) => QuickCheckResult.CompareContents,
            (_, true, _, _, _) => QuickCheckResult.Same,
            (_, _, true, _, _) => QuickCheckResult.Different,
            (_, _, _, _, true) => QuickCheckResult.Same,
            _ => QuickCheckResult.Different,
        };
        FileStat source = Samples.File(size: 5, mtime: 7);
        FileStat there = Samples.File(size: sameSize ? 5 : 6, mtime: sameTime ? 7 : 8);
        Assert.Equal(expected, QuickCheck.Check(options, source, there));
    }

    [Fact]
    public void Nothing_but_size_and_whole_seconds_counts()
    {
        FileStat source = Samples.File(size: 5, mtime: 7);
        FileStat there = source with { MtimeNanoseconds = 999, Mode = 0x8000, Uid = 1, Gid = 2, Device = 3 };
        Assert.Equal(QuickCheckResult.Same, QuickCheck.Check(new SyncOptions(), source, there));
    }
}
