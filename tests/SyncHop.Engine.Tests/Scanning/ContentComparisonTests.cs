using CsCheck;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution;
using SyncHop.Engine.Scanning;
using SyncHop.Engine.Tests.Fakes;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Scanning;

public class ContentComparisonTests
{
    private const int Block = 16; // of both sides, see Samples.Traits; 16 blocks are in flight

    [Fact]
    public Task It_sees_every_difference_and_nothing_else() => Gen.Select(Gen.Byte.Array[0, 700], Gen.Int[-1, 700]).SampleAsync(async (content, at) =>
    {
        byte[] other = [.. content];
        bool differs = at >= 0 && at < other.Length;
        if (differs) other[at] ^= 1;
        Assert.Equal(!differs, await CompareAsync(new MemoryFile(content), new MemoryFile(other), content.Length));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block)]
    [InlineData((20 * Block) + 1)]
    public async Task A_file_that_became_shorter_is_another(int missing)
    {
        const int size = (20 * Block) + 1;
        byte[] whole = new byte[size], cut = new byte[size - missing];
        Assert.Equal(missing == 0, await CompareAsync(new MemoryFile(whole), new MemoryFile(cut), size));
        Assert.Equal(missing == 0, await CompareAsync(new MemoryFile(cut), new MemoryFile(whole), size));
    }

    [Fact]
    public async Task The_first_difference_ends_the_reading()
    {
        byte[] content = new byte[Block * 1000], other = [.. content];
        other[0] = 1;
        MemoryFile file = new(content);
        Assert.False(await CompareAsync(file, new MemoryFile(other), content.Length));
        Assert.InRange(file.Reads, 1, 16);
    }

    [Fact]
    public async Task A_failed_read_is_told_and_both_files_are_closed()
    {
        MemoryFile broken = new(new byte[5 * Block]) { FailsAt = 3 * Block }, whole = new(new byte[5 * Block]);
        await Assert.ThrowsAsync<ReplicaException>(() => CompareAsync(whole, broken, 5 * Block));
        Assert.True(whole.IsClosed && broken.IsClosed);
    }

    [Fact]
    public Task A_host_that_hashes_is_not_read() => Gen.Select(Gen.Int[1, 1_200_000], Gen.Int[-1, 1_200_000], Gen.Bool).SampleAsync(async (size, at, onSource) =>
    {
        byte[] content = Samples.Random(size), other = [.. content];
        bool differs = at >= 0 && at < size;
        if (differs) other[at] ^= 1;
        MemoryFile read = new(content), hashed = new(other);
        Origin there = new(new StubReplica { Open = _ => hashed, Hashes = true }, P("a")), here = new(new StubReplica { Open = _ => read }, P("b"));
        using ContentComparison comparison = new(new BufferBudget(64 << 20));
        Assert.Equal(!differs, await comparison.AreEqualAsync(
            onSource ? there : here, onSource ? here : there, size, TestContext.Current.CancellationToken));
        Assert.Equal(0, hashed.Reads);
        Assert.True(hashed.IsClosed && read.IsClosed);
    }, iter: 30, threads: 1);

    private static async Task<bool> CompareAsync(MemoryFile a, MemoryFile b, long size)
    {
        using ContentComparison comparison = new(new BufferBudget(64 << 20));
        return await comparison.AreEqualAsync(
            new Origin(new StubReplica { Open = _ => a }, P("a")), new Origin(new StubReplica { Open = _ => b }, P("b")), size,
            TestContext.Current.CancellationToken);
    }

    private sealed class MemoryFile(byte[] content) : ISourceFile
    {
        private int _reads;

        public int Reads => _reads;

        public long FailsAt { get; init; } = -1;

        public bool IsClosed { get; private set; }

        public ValueTask<FileStat> StatAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _reads);
            await Task.Yield();
            Assert.False(IsClosed);
            if (offset == FailsAt) throw new ReplicaException(ReplicaError.Other, "read", "Input/output error (5)");
            int count = (int)Math.Clamp(content.Length - offset, 0, buffer.Length);
            content.AsMemory((int)Math.Min(offset, content.Length), count).CopyTo(buffer);
            return count;
        }

        public ValueTask<BlockHashes?> HashAsync(long offset, long length, int blockLength, CancellationToken cancellation) =>
            new(FakeHost.Hash(content, offset, length, blockLength));

        public ValueTask DisposeAsync()
        {
            IsClosed = true;
            return ValueTask.CompletedTask;
        }
    }
}
