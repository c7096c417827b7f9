using System.Buffers;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>A piece of a file that passes by, and the bytes behind it that are looked at with it.</summary>
/// <param name="start">Where it begins in the file, in bytes.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="behind">Bytes of the next segment that are wanted with it.</param>
/// <param name="isLast">Whether the file ends with it.</param>
internal sealed class Segment(long start, int length, int behind, bool isLast)
{
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, length + behind));

    /// <summary>Where it begins in the file, in bytes.</summary>
    public long Start { get; } = start;

    /// <summary>Its length in bytes.</summary>
    public int Length { get; } = length;

    /// <summary>Whether the file ends with it.</summary>
    public bool IsLast { get; } = isLast;

    /// <summary>The segment's own bytes.</summary>
    public Memory<byte> Own => Buffer.AsMemory(0, Length);

    /// <summary>Its bytes and those behind it.</summary>
    public ReadOnlyMemory<byte> All => Buffer.AsMemory(0, Length + behind);

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(Segment));

    /// <summary>
    /// Takes the bytes behind it from the next segment: they are not read twice, since a file that changes meanwhile would give others.
    /// </summary>
    public void TakeBehind(Segment next) => next.Own.Span[..behind].CopyTo(Buffer.AsSpan(Length));

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) ArrayPool<byte>.Shared.Return(buffer);
    }
}
