namespace SyncHop.Delta.Tests;

public sealed class LargeFileTests
{
    private const long Length = (4L << 30) + 523_457;

    [Fact]
    public void Offsets_beyond_4_GiB_are_kept()
    {
        byte[] island = GoldenFiles.SplitMix(5, 200_000);
        SparseSource basis = new(Length, (Length - 300_000, island));
        SparseSource newFile = new(Length + 1, (Length - 300_000 + 1, island));
        FileSignature signature = SignatureBuilder.Build(basis);
        Assert.Equal(Length, signature.Length);
        FileDelta delta = DeltaBuilder.Build(signature, newFile);
        Assert.Contains(delta.Commands, command => command.BasisOffset > uint.MaxValue && command.Length > 150_000);
        Assert.True(delta.LiteralBytes < 30_000, $"{delta.LiteralBytes} literal bytes");

        MemoryStream written = new();
        DeltaWriter.Write(delta, newFile, written);
        written.Position = 0;
        // The patch proves the hash itself.
        CountingStream output = new();
        Patch.Apply(basis, written, output);
        Assert.Equal(Length + 1, output.Count);
    }

    [Theory]
    [InlineData(0, 128)]
    [InlineData(1000, 128)]
    [InlineData(1L << 20, 640)]
    [InlineData(1L << 30, 3776)]
    [InlineData(10L << 30, 6720)]
    [InlineData(1L << 40, 21504)]
    [InlineData(long.MaxValue, 31744)]
    public void The_block_length_follows_the_files_length(long length, int expected) => Assert.Equal(expected, BlockSize.For(length));

    private sealed class CountingStream : MemoryStream
    {
        public long Count { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;
    }
}
