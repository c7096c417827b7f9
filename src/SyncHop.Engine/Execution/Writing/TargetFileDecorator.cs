using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Writing;

/// <summary>A file being written with something more done about it: each option that has a say in how a file is written is one of these.</summary>
internal abstract class TargetFileDecorator(ITargetFile inner) : ITargetFile
{
    /// <summary>The file it is about.</summary>
    protected ITargetFile Inner => inner;

    /// <inheritdoc/>
    public virtual ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        inner.WriteAsync(offset, data, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask WriteZerosAsync(long offset, ReadOnlyMemory<byte> zeros, CancellationToken cancellation) =>
        inner.WriteZerosAsync(offset, zeros, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask CopyFromAsync(ISourceFile basis, long from, long length, long to, CancellationToken cancellation) =>
        inner.CopyFromAsync(basis, from, length, to, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask AllocateAsync(long length, CancellationToken cancellation) => inner.AllocateAsync(length, cancellation);

    /// <inheritdoc/>
    public virtual ValueTask FlushAsync(CancellationToken cancellation) => inner.FlushAsync(cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<FileStat> StatAsync(CancellationToken cancellation) => inner.StatAsync(cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<ISourceFile> OpenWrittenAsync(CancellationToken cancellation) => inner.OpenWrittenAsync(cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<ReplicaException?> CommitAsync(RelativePath path, long length, AttributeChange change, CancellationToken cancellation) =>
        inner.CommitAsync(path, length, change, cancellation);

    /// <inheritdoc/>
    public Action? Closed
    {
        set => inner.Closed = value;
    }

    /// <inheritdoc/>
    public virtual WrittenRanges Written => inner.Written;

    /// <inheritdoc/>
    public virtual void Leave() => inner.Leave();

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary><c>--fsync</c>: flushes the file before it gets its name.</summary>
internal sealed class FlushedTargetFile(ITargetFile inner) : TargetFileDecorator(inner)
{
    /// <inheritdoc/>
    public override async ValueTask<ReplicaException?> CommitAsync(
        RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
    {
        await Inner.FlushAsync(cancellation).ConfigureAwait(false);
        return await Inner.CommitAsync(path, length, change, cancellation).ConfigureAwait(false);
    }
}
