using CsCheck;
using SyncHop.Delta;
using SyncHop.Engine.Execution.Delta;

namespace SyncHop.Engine.Tests.Delta;

/// <summary>Ranges of a local file and of the remote one make up the remote one, whatever the two are.</summary>
public sealed class RangePlanTests
{
    private static readonly Gen<byte[]> Data = Gen.OneOf(
        Gen.Byte.Array[0, 3000],
        Gen.Byte[0, 1].Array[0, 2000],
        Gen.Int[0, 3000].Select(length => new byte[length]));

    private static readonly Gen<(byte[] There, byte[] Here)> Files = Data.SelectMany(there => Gen.OneOf(
            Gen.Select(Gen.Int[0, there.Length], Gen.Int[0, there.Length], (a, b) => there[Math.Min(a, b)..Math.Max(a, b)]),
            Gen.Byte.Array[0, 60]).Array[0, 8]
        .Select(pieces => (there, pieces.SelectMany(piece => piece).ToArray())));

    [Fact]
    public void The_ranges_make_up_the_remote_file() => Gen.Select(Files, Gen.Int[1, 200]).Sample((files, blockLength) =>
        Assert.Equal(files.There, Make(Plan(files.There, files.Here, blockLength, inPlace: false), files.There, files.Here)));

    [Fact]
    public void In_place_no_range_is_read_after_it_was_written_over() => Gen.Select(Files, Gen.Int[1, 200]).Sample((files, blockLength) =>
    {
        byte[] file = new byte[Math.Max(files.There.Length, files.Here.Length)];
        files.Here.CopyTo(file, 0);
        foreach (FetchedRange range in Plan(files.There, files.Here, blockLength, inPlace: true))
        {
            byte[] from = range.IsLocal ? file : files.There;
            byte[] piece = from.AsSpan((int)(range.IsLocal ? range.BasisOffset : range.Offset), (int)range.Length).ToArray();
            piece.CopyTo(file, range.Offset);
        }
        Assert.Equal(files.There, file[..files.There.Length]);
    });

    [Fact]
    public void A_block_that_is_there_twice_is_found_for_both_places()
    {
        byte[] a = Samples.Random(100), b = Samples.Random(100, seed: 2), c = Samples.Random(100, seed: 3);
        FetchedRange[] ranges = [.. Plan([.. a, .. b, .. a], [.. c, .. a], 100, inPlace: false)];
        Assert.Equal([new FetchedRange(0, 100, 100), new FetchedRange(100, 100, -1), new FetchedRange(200, 100, 100)], ranges);
    }

    private static IReadOnlyList<FetchedRange> Plan(byte[] there, byte[] here, int blockLength, bool inPlace) => RangePlan.Make(
        SignatureBuilder.Build(ByteSource.FromMemory(there), new SignatureOptions { BlockLength = blockLength }),
        ByteSource.FromMemory(here), inPlace, default);

    private static byte[] Make(IReadOnlyList<FetchedRange> ranges, byte[] there, byte[] here)
    {
        MemoryStream made = new();
        foreach (FetchedRange range in ranges)
        {
            Assert.Equal(made.Length, range.Offset);
            made.Write(range.IsLocal ? here : there, (int)(range.IsLocal ? range.BasisOffset : range.Offset), (int)range.Length);
        }
        return made.ToArray();
    }
}
