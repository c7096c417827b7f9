using System.Buffers.Binary;
using System.IO.Compression;

namespace SyncHop.Ssh.Transport;

/// <summary>
/// A zlib stream (RFC 1950) in pieces that can be read as soon as they are there. What does not get smaller is not deflated: after a while of
/// that the content goes in stored blocks (RFC 1951, section 3.2.4), which cost no time, until it is tried again.
/// </summary>
internal sealed class SparingDeflater : IDisposable
{
    /// <summary>After so many bytes it is judged what deflating brings.</summary>
    public const int JudgedLength = 128 << 10;

    /// <summary>So many bytes are stored before it is tried again.</summary>
    public const int StoredLength = 4 << 20;

    // What is deflated must become smaller than this to be worth it.
    private const double Worth = 0.95;

    private readonly MemoryStream _piece = new();
    private DeflateStream? _deflater;
    private bool _hasBegun;
    private long _given;
    private long _made;
    private long _toStore;

    /// <summary>Whether content goes as it is at the moment.</summary>
    public bool IsStoring => _toStore > 0;

    /// <summary>The next piece of the stream, which gives back all of <paramref name="content"/>.</summary>
    public byte[] Next(ReadOnlySpan<byte> content)
    {
        _piece.SetLength(0);
        if (!_hasBegun) _piece.Write([0x78, 0x9C]);
        _hasBegun = true;
        if (IsStoring)
        {
            Store(content);
            _toStore -= content.Length;
        }
        else
        {
            Deflate(content);
        }
        return _piece.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _deflater?.Dispose();

    private void Store(ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[5];
        while (!content.IsEmpty)
        {
            ReadOnlySpan<byte> block = content[..Math.Min(content.Length, ushort.MaxValue)];
            header[0] = 0; // not the last one, stored; the piece before ended at a whole byte
            BinaryPrimitives.WriteUInt16LittleEndian(header[1..], (ushort)block.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(header[3..], (ushort)~block.Length);
            _piece.Write(header);
            _piece.Write(block);
            content = content[block.Length..];
        }
    }

    private void Deflate(ReadOnlySpan<byte> content)
    {
        _deflater ??= new DeflateStream(_piece, CompressionLevel.Optimal, leaveOpen: true);
        long before = _piece.Length;
        _deflater.Write(content);
        _deflater.Flush();
        _given += content.Length;
        _made += _piece.Length - before;
        if (_given < JudgedLength) return;
        if (_made > _given * Worth) Spare();
        _given = _made = 0;
    }

    /// <summary>Stores from the next piece on; a new deflater then refers to nothing before itself, so that nothing has to be remembered.</summary>
    private void Spare()
    {
        long end = _piece.Length;
        _deflater!.Dispose();
        _deflater = null;
        // Not the end of the stream, which the deflater has written.
        _piece.SetLength(end);
        _toStore = StoredLength;
    }
}
