using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary><c>--sparse</c>: how much room the file takes in the end, beside rsync's.</summary>
public sealed class SparseTests(Lab lab)
{
    private const int Length = 2 << 20, DataAt = 1_000_000;

    [Theory]
    [InlineData("-S", false)]
    [InlineData("-S", true)]
    [InlineData("-S --inplace", false)]
    [InlineData("-S --inplace", true)]
    [InlineData("-S --append", true)]
    [InlineData("-S --partial-dir=.p", true)]
    public void Holes_are_made(string options, bool isThere)
    {
        var wanted = BlocksAfter("rsync", options, isThere, "dst/");
        Assert.InRange(wanted, 8, 100);
        // The page that holds the data may be larger here than the file system's block.
        Assert.InRange(BlocksAfter(Repository.Binary, options, isThere, "dst/"), 8, wanted + 64);
    }

    /// <summary>SFTP cannot make a hole in what a file has; behind that it can leave one.</summary>
    [Theory]
    [InlineData("-S", 0)]
    [InlineData("-S", Length)]
    [InlineData("-S --inplace", 0)]
    [InlineData("-S --inplace", 100_000)]
    public void Holes_are_left_over_sftp(string options, int there)
    {
        var blocks = BlocksAfter(Repository.Binary, options, there, "gw,target:{0}/dst/");
        Assert.InRange(blocks, 8, (options.Contains("--inplace", StringComparison.Ordinal) ? there / 512 : 0) + 72);
    }

    private long BlocksAfter(string program, string options, bool isThere, string destination) =>
        BlocksAfter(program, options, !isThere ? 0 : options.Contains("--append", StringComparison.Ordinal) ? 8192 : Length, destination);

    private long BlocksAfter(string program, string options, int there, string destination)
    {
        var folder = lab.NewFolder(Libc.UserId);
        try
        {
            var content = new byte[Length];
            "DATA"u8.CopyTo(content.AsSpan(DataAt));
            Directory.CreateDirectory(folder + "/src");
            Directory.CreateDirectory(folder + "/dst");
            File.WriteAllBytes(folder + "/src/f", content);
            if (there > 0)
            {
                var old = new byte[there];
                if (there > 8192) new Random(1).NextBytes(old);
                File.WriteAllBytes(folder + "/dst/f", old);
                File.SetLastWriteTimeUtc(folder + "/dst/f", DateTime.UnixEpoch);
            }
            var outcome = new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId,
                [program, "-a", .. options.Split(' '), "src/", destination.Replace("{0}", folder, StringComparison.Ordinal)]).Run();
            Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
            Assert.Equal(content, File.ReadAllBytes(folder + "/dst/f"));
            return long.Parse(new Command(folder, folder, Libc.UserId, ["stat", "-c", "%b", "dst/f"]).Run().Stdout, System.Globalization.CultureInfo.InvariantCulture);
        }
        finally
        {
            Lab.Remove(folder);
        }
    }
}
