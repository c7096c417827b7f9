using System.Text;

namespace SyncHop.Delta.Tests;

/// <summary>Sources that end early, cancellation, hostile sizes.</summary>
public sealed class FaultTests
{
    private static readonly byte[] Data = GoldenFiles.SplitMix(11, 3_000_000);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_source_that_becomes_shorter_is_named(int workers)
    {
        ShrinkingSource shrinking = new();
        DeltaException thrown = Assert.Throws<DeltaException>(
            () => SignatureBuilder.Build(shrinking, new SignatureOptions { Workers = workers }));
        Assert.Equal(DeltaError.SourceChanged, thrown.Error);
        FileSignature signature = SignatureBuilder.Build(ByteSource.FromMemory(Data));
        thrown = Assert.Throws<DeltaException>(
            () => DeltaBuilder.Build(signature, shrinking, new DeltaOptions { Workers = workers }));
        // The byte depends on which worker comes first.
        Assert.StartsWith("the file became shorter while it was read: it ends at byte 2", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Everything_can_be_cancelled(int workers)
    {
        using CancellationTokenSource source = new();
        ByteSource data = ByteSource.FromMemory(Data);
        FileSignature signature = SignatureBuilder.Build(data);
        FileDelta delta = DeltaBuilder.Build(signature, ByteSource.FromMemory(Data.AsMemory(1)));
        MemoryStream signatureFile = new();
        SignatureWriter.Write(signature, signatureFile);
        MemoryStream deltaFile = new();
        DeltaWriter.Write(delta, ByteSource.FromMemory(Data.AsMemory(1)), deltaFile);
        source.Cancel();
        CancellationToken cancelled = source.Token;
        Assert.Throws<OperationCanceledException>(() => SignatureBuilder.Build(data, new() { Workers = workers }, cancelled));
        Assert.Throws<OperationCanceledException>(() => DeltaBuilder.Build(signature, data, new() { Workers = workers }, cancelled));
        Assert.Throws<OperationCanceledException>(() => DeltaWriter.Write(delta, data, Stream.Null, cancelled));
        Assert.Throws<OperationCanceledException>(() => SignatureReader.Read(new MemoryStream(signatureFile.ToArray()), cancelled));
        Assert.Throws<OperationCanceledException>(
            () => Patch.Apply(data, new MemoryStream(deltaFile.ToArray()), Stream.Null, null, cancelled));
    }

    [Fact]
    public void A_copy_outside_the_basis_is_refused()
    {
        byte[] delta = Delta("{\"hashAlgorithm\":\"XXH3\",\"expectedFileHashAlgorithm\":\"XXH3\",\"expectedFileHash\":\"wpTTOAWABi0=\"}",
            [0x60, .. BitConverter.GetBytes(Data.Length - 5L), .. BitConverter.GetBytes(6L)]);
        DeltaException thrown = Assert.Throws<DeltaException>(
            () => Patch.Apply(ByteSource.FromMemory(Data), new MemoryStream(delta), Stream.Null));
        Assert.Equal("the delta file is damaged: it copies 6 bytes at 2999995 of a basis of 3000000 bytes", thrown.Message);
    }

    [Fact]
    public void A_delta_that_would_fill_the_disk_is_refused()
    {
        byte[] copy = [0x60, .. BitConverter.GetBytes(0L), .. BitConverter.GetBytes((long)Data.Length)];
        byte[] delta = Delta("{\"hashAlgorithm\":\"XXH3\",\"expectedFileHashAlgorithm\":\"XXH3\",\"expectedFileHash\":\"wpTTOAWABi0=\"}",
            Enumerable.Repeat(copy, 1000).SelectMany(bytes => bytes).ToArray());
        DeltaException thrown = Assert.Throws<DeltaException>(() => Patch.Apply(
            ByteSource.FromMemory(Data), new MemoryStream(delta), Stream.Null, new PatchOptions { MaximumLength = 10_000_000 }));
        Assert.Equal("the delta makes a file of at least 12000000 bytes, more than the 10000000 allowed", thrown.Message);
    }

    [Fact]
    public void A_huge_literal_takes_no_memory()
    {
        byte[] delta = Delta("{\"hashAlgorithm\":\"XXH3\",\"expectedFileHashAlgorithm\":\"XXH3\",\"expectedFileHash\":\"wpTTOAWABi0=\"}",
            [0x80, .. BitConverter.GetBytes(long.MaxValue), 1, 2, 3]);
        ByteSource basis = ByteSource.FromMemory(Data);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DeltaException>(() => Patch.Apply(basis, new MemoryStream(delta), Stream.Null));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void Lengths_that_contradict_each_other_are_refused()
    {
        MemoryStream file = new();
        SignatureWriter.Write(SignatureBuilder.Build(ByteSource.FromMemory(Data)), file);
        byte[] bytes = Encoding.Latin1.GetBytes(
            Encoding.Latin1.GetString(file.ToArray()).Replace("\"baseFileLength\":3000000", "\"baseFileLength\":3000001", StringComparison.Ordinal));
        DeltaException thrown = Assert.Throws<DeltaException>(() => SignatureReader.Read(new MemoryStream(bytes)));
        Assert.Contains("its blocks have 3000000 bytes, but the file is said to have 3000001", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_of_varying_length_are_read_and_the_largest_are_found()
    {
        int[] lengths = [300, 200, 300, 100, 50];
        List<byte> file = [.. "OCTOSIG\u0001\u0004XXH3\u0007Adler32>>>"u8];
        int start = 0;
        foreach (int length in lengths)
        {
            byte[] block = Data[start..(start + length)];
            byte[] hash = new byte[8];
            ContentHashes.Compute(ContentHash.XxHash3, block, hash);
            file.AddRange([.. BitConverter.GetBytes((short)length),
                .. BitConverter.GetBytes(RollingChecksums.Compute(RollingChecksum.Adler32, block)), .. hash]);
            start += length;
        }
        FileSignature signature = SignatureReader.Read(new MemoryStream([.. file]));
        Assert.Equal([0, 300, 500, 800, 900], Enumerable.Range(0, 5).Select(signature.StartOf));
        Assert.Equal(lengths, Enumerable.Range(0, 5).Select(signature.LengthOf));
        byte[] newFile = [9, .. Data[..950]];
        Assert.Equal(
            [DeltaCommand.Literal(1), new DeltaCommand(0, 950)],
            DeltaBuilder.Build(signature, ByteSource.FromMemory(newFile)).Commands);
    }

    private static byte[] Delta(string metadata, byte[] commands) =>
        [.. "FRSNCDLTA\u0001"u8, (byte)metadata.Length, .. Encoding.UTF8.GetBytes(metadata), .. commands];

    private sealed class ShrinkingSource : ByteSource
    {
        public override long Length => Data.Length;

        public override int Read(long offset, Span<byte> buffer)
        {
            int count = (int)Math.Clamp(2_000_000 - offset, 0, buffer.Length);
            Data.AsSpan((int)offset, count).CopyTo(buffer);
            return count;
        }
    }
}
