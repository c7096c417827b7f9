using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Tests.Fakes;

/// <summary>An open file of a <see cref="FakeReplica"/>.</summary>
internal sealed class FakeSourceFile(FakeHost host, FakeNode node) : ISourceFile
{
    public byte[] Content => node.Content;

    public ValueTask<FileStat> StatAsync(CancellationToken cancellation) => host.Faults.RunAsync("fstat", () => node.Stat, cancellation);

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation) => host.Faults.RunAsync("read", () =>
    {
        int length = (int)Math.Clamp(node.Content.Length - offset, 0, buffer.Length);
        node.Content.AsSpan((int)Math.Min(offset, node.Content.Length), length).CopyTo(buffer.Span);
        return length;
    }, cancellation);

    public ValueTask<BlockHashes?> HashAsync(long offset, long length, int blockLength, CancellationToken cancellation) =>
        host.Faults.RunAsync("hash", () => host.Hashing?.Invoke(node.Content, offset, length, blockLength), cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A file of a <see cref="FakeReplica"/> being written.</summary>
internal sealed class FakeTargetFile(FakeReplica replica, FakeNode node, RelativePath path, bool isTemporary) : ITargetFile
{
    private bool _committed, _isLeft;

    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        await replica.RunAsync("write", path, () =>
        {
            Written.Add(offset, data.Length);
            return Put(offset, data.Span);
        }, cancellation);

    public ValueTask WriteZerosAsync(long offset, ReadOnlyMemory<byte> zeros, CancellationToken cancellation) => WriteAsync(offset, zeros, cancellation);

    public async ValueTask CopyFromAsync(ISourceFile basis, long from, long length, long to, CancellationToken cancellation) =>
        await replica.RunAsync("copy", path, () => Put(to, ((FakeSourceFile)basis).Content.AsSpan((int)from, (int)length)), cancellation);

    public async ValueTask AllocateAsync(long length, CancellationToken cancellation) =>
        await replica.RunAsync("fallocate", path, () => true, cancellation);

    public async ValueTask FlushAsync(CancellationToken cancellation) => await replica.RunAsync("fsync", path, () => true, cancellation);

    public ValueTask<FileStat> StatAsync(CancellationToken cancellation) => replica.RunAsync("fstat", path, () => node.Stat, cancellation);

    public Action? Closed { private get; set; }

    public ValueTask<ISourceFile> OpenWrittenAsync(CancellationToken cancellation) => replica.OpenReadAsync(path, cancellation);

    public async ValueTask<ReplicaException?> CommitAsync(RelativePath target, long length, AttributeChange change, CancellationToken cancellation)
    {
        await replica.RunAsync("close", path, () =>
        {
            byte[] content = new byte[length];
            node.Content.AsSpan(0, (int)Math.Min(length, node.Content.Length)).CopyTo(content);
            node.Content = content;
            FakeReplica.Apply(node, change);
            return true;
        }, cancellation);
        Closed?.Invoke();
        if (target != path) await replica.RenameAsync(path, target, cancellation);
        _committed = true;
        return null;
    }

    public WrittenRanges Written { get; } = new();

    public void Leave() => _isLeft = true;

    public async ValueTask DisposeAsync()
    {
        if (_committed || !isTemporary || _isLeft) return;
        try
        {
            await replica.RemoveFileAsync(path, CancellationToken.None);
        }
        catch (IOException)
        {
            // As a real replica does: the failure that led here is the one to report.
        }
    }

    private bool Put(long offset, ReadOnlySpan<byte> data)
    {
        byte[] content = new byte[Math.Max(node.Content.Length, offset + data.Length)];
        node.Content.CopyTo(content, 0);
        data.CopyTo(content.AsSpan((int)offset));
        node.Content = content;
        node.Mtime = FakeNode.Clock;
        return true;
    }
}
