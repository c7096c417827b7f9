namespace SyncHop.Delta.Tests;

/// <summary>An index of so many blocks that it has several parts, which threads fill side by side.</summary>
public sealed class LargeIndexTests
{
    private const int BlockLength = 32;

    /// <summary>Blocks for eight parts.</summary>
    private const int Length = 430_000 * BlockLength;

    [Theory]
    [InlineData(RollingChecksum.Adler32, 1)]
    [InlineData(RollingChecksum.Adler32, 2)]
    [InlineData(RollingChecksum.Adler32, 6)]
    [InlineData(RollingChecksum.Adler32V3, 6)]
    public void Every_moved_block_is_found(RollingChecksum rolling, int workers)
    {
        byte[] basis = GoldenFiles.SplitMix(11, Length);
        // Pieces of 1,000 blocks in reverse order, and one foreign byte before all: nothing is where it was.
        const int piece = 1000 * BlockLength;
        byte[] newFile = new byte[1 + Length];
        for (int i = 0; i < Length; i += piece) basis.AsSpan(Length - piece - i, piece).CopyTo(newFile.AsSpan(1 + i));
        FileSignature signature = SignatureBuilder.Build(
            ByteSource.FromMemory(basis), new SignatureOptions { BlockLength = BlockLength, Rolling = rolling });

        FileDelta delta = DeltaBuilder.Build(signature, ByteSource.FromMemory(newFile), new DeltaOptions { Workers = workers });

        Assert.Equal(1, delta.LiteralBytes);
        using MemoryStream file = new();
        using MemoryStream made = new();
        DeltaWriter.Write(delta, ByteSource.FromMemory(newFile), file);
        file.Position = 0;
        Patch.Apply(ByteSource.FromMemory(basis), file, made);
        Assert.True(newFile.AsSpan().SequenceEqual(made.ToArray()));
    }
}
