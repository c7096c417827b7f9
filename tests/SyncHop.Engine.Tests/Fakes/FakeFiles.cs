using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Tests.Fakes;

/// <summary>An open file of a <see cref="FakeReplica"/>.</summary>
internal sealed class FakeSourceFile(FakeHost host, FakeNode node) : ISourceFile
{
    public ValueTask<FileStat> StatAsync(CancellationToken cancellation) => host.Faults.RunAsync("fstat", () => node.Stat, cancellation);

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation) => host.Faults.RunAsync("read", () =>
    {
        int length = (int)Math.Clamp(node.Content.Length - offset, 0, buffer.Length);
        node.Content.AsSpan((int)Math.Min(offset, node.Content.Length), length).CopyTo(buffer.Span);
        return length;
    }, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A file of a <see cref="FakeReplica"/> being written.</summary>
internal sealed class FakeTargetFile(FakeReplica replica, FakeNode node, RelativePath temporary) : ITargetFile
{
    private bool _committed;

    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        await replica.RunAsync("write", temporary, () =>
        {
            byte[] content = new byte[Math.Max(node.Content.Length, offset + data.Length)];
            node.Content.CopyTo(content, 0);
            data.Span.CopyTo(content.AsSpan((int)offset));
            node.Content = content;
            return true;
        }, cancellation);

    public async ValueTask<ReplicaException?> CommitAsync(RelativePath path, AttributeChange change, CancellationToken cancellation)
    {
        await replica.RunAsync("close", temporary, () =>
        {
            FakeReplica.Apply(node, change);
            return true;
        }, cancellation);
        await replica.RenameAsync(temporary, path, cancellation);
        _committed = true;
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_committed) return;
        try
        {
            await replica.RemoveFileAsync(temporary, CancellationToken.None);
        }
        catch (IOException)
        {
            // As a real replica does: the failure that led here is the one to report.
        }
    }
}
