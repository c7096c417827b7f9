using CsCheck;

namespace SyncHop.Delta.Tests;

/// <summary>patch(basis, delta(signature(basis), new)) = new, whatever the two files are.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<SignatureOptions> Options =
        Gen.Select(
            Gen.OneOf(Gen.Int[1, 40], Gen.OneOf(new[] { 64, 127, 128, 129, 512, 2048, 32767 }.Select(Gen.Const).ToArray())),
            Gen.Enum<ContentHash>(), Gen.Enum<RollingChecksum>(),
            (length, hash, rolling) => new SignatureOptions { BlockLength = length, BlockHash = hash, Rolling = rolling });

    /// <summary>Data with much repetition: few byte values, zeros, periods, and random bytes.</summary>
    private static readonly Gen<byte[]> Data =
        Gen.OneOf(
            Gen.Byte.Array[0, 5000],
            Gen.Byte[0, 1].Array[0, 3000],
            Gen.Int[0, 5000].Select(length => new byte[length]),
            Gen.Select(Gen.Byte.Array[1, 70], Gen.Int[0, 60], (period, times) =>
                Enumerable.Repeat(period, times).SelectMany(bytes => bytes).ToArray()));

    /// <summary>A file and another one that is made of it: pieces moved, repeated, dropped, replaced.</summary>
    private static readonly Gen<(byte[] Basis, byte[] New)> Edited =
        Data.SelectMany(basis => Gen.OneOf(
                Gen.Select(Gen.Int[0, basis.Length], Gen.Int[0, basis.Length], (a, b) => basis[Math.Min(a, b)..Math.Max(a, b)]),
                Gen.Byte.Array[0, 60]).Array[0, 8]
            .Select(pieces => (basis, pieces.SelectMany(piece => piece).ToArray())));

    [Fact]
    public void Unrelated_files() =>
        Gen.Select(Data, Data, Options).Sample((basis, newFile, options) => { RoundTrip.Check(basis, newFile, options); }, iter: 1000);

    [Fact]
    public void Edited_files() =>
        Gen.Select(Edited, Options).Sample((files, options) => { RoundTrip.Check(files.Basis, files.New, options); }, iter: 2000);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(127, 128)]
    [InlineData(128, 127)]
    [InlineData(128, 128)]
    [InlineData(129, 128)]
    [InlineData(256, 255)]
    public void Sizes_around_a_block(int basis, int newFile)
    {
        byte[] data = GoldenFiles.SplitMix(3, 300);
        RoundTrip.Check(data[..basis], data[..newFile], new SignatureOptions { BlockLength = 128 });
        RoundTrip.Check(data[..basis], data[1..(newFile + 1)], new SignatureOptions { BlockLength = 128 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Large_files_are_worked_through_in_segments(int workers)
    {
        byte[] basis = GoldenFiles.SplitMix(7, 5_000_123);
        SignatureOptions options = new() { BlockLength = 1000 };
        Assert.Equal([new DeltaCommand(0, basis.Length)], RoundTrip.Check(basis, basis, options, workers).Commands);

        byte[] shifted = [1, 2, 3, .. basis];
        Assert.Equal(
            [DeltaCommand.Literal(3), new DeltaCommand(0, basis.Length)], RoundTrip.Check(basis, shifted, options, workers).Commands);

        byte[] appended = [.. basis, .. "appended"u8];
        Assert.Equal(
            [new DeltaCommand(0, basis.Length), DeltaCommand.Literal(8)], RoundTrip.Check(basis, appended, options, workers).Commands);

        byte[] swapped = [.. basis[2_500_000..], .. basis[..2_500_000]];
        Assert.Equal(
            [new DeltaCommand(2_500_000, 2_500_123), new DeltaCommand(0, 2_500_000)],
            RoundTrip.Check(basis, swapped, options, workers).Commands);

        byte[] edited = [.. basis];
        for (int i = 50_500; i < edited.Length; i += 100_000) edited[i] ^= 1;
        Assert.Equal(50 * 1000, RoundTrip.Check(basis, edited, options, workers).LiteralBytes);

        Assert.Equal(5_000_123, RoundTrip.Check(basis, GoldenFiles.SplitMix(8, 5_000_123), options, workers).LiteralBytes);
    }

    [Fact]
    public void Zeros_are_a_few_runs_however_many_blocks_they_are()
    {
        FileDelta delta = RoundTrip.Check(new byte[3_000_000], new byte[4_000_000], new SignatureOptions { BlockLength = 1000 }, workers: 1);
        Assert.Equal(0, delta.LiteralBytes);
        // A run may end where a segment does.
        Assert.InRange(delta.Commands.Count, 2, 4);
    }

    [Fact]
    public void V2_signatures_are_rolled_rightly()
    {
        FileSignature signature = GoldenFiles.Signature("sig/main.XXH64.Adler32V2.2048.sig");
        FileDelta delta = DeltaBuilder.Build(signature, ByteSource.FromMemory(GoldenFiles.New("main")));
        Assert.Equal(6568, delta.LiteralBytes);
    }
}
