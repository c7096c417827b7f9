namespace SyncHop.Delta;

/// <summary>
/// Makes a signature of data that passes by in pieces, for example while it is being sent, so that it is not read twice. Not thread-safe.
/// </summary>
public sealed class SignatureAccumulator : IDisposable
{
    /// <summary>Blocks that room is made for in advance, at most: the expected length may be anybody's claim.</summary>
    private const int MostExpected = 1 << 21;

    private readonly RollingChecksum _rolling;
    private readonly byte[] _partial;
    private readonly BlockTable _blocks;
    private readonly ContentHasher _whole;
    private int _partialLength;
    private long _length;

    /// <summary>Starts the signature of an empty file.</summary>
    /// <param name="options">Its <see cref="SignatureOptions.BlockLength"/> decides; without one, <paramref name="expectedLength"/>.</param>
    /// <param name="expectedLength">Bytes that the file will probably have.</param>
    public SignatureAccumulator(SignatureOptions options, long expectedLength)
    {
        ArgumentNullException.ThrowIfNull(options);
        _rolling = options.Rolling;
        _partial = new byte[options.BlockLength ?? BlockSize.For(expectedLength)];
        _blocks = new BlockTable(options.BlockHash, Math.Clamp(expectedLength / _partial.Length + 1, 0, MostExpected));
        _whole = new ContentHasher(options.FileHash);
    }

    /// <summary>Adds the next bytes of the file.</summary>
    /// <exception cref="DeltaException">There are more blocks than can be held.</exception>
    public void Append(ReadOnlySpan<byte> data)
    {
        _whole.Append(data);
        _length += data.Length;
        while (!data.IsEmpty)
        {
            if (_partialLength == 0 && data.Length >= _partial.Length)
            {
                _blocks.Add(_rolling, data[.._partial.Length]);
                data = data[_partial.Length..];
                continue;
            }
            int count = Math.Min(data.Length, _partial.Length - _partialLength);
            data[..count].CopyTo(_partial.AsSpan(_partialLength));
            _partialLength += count;
            data = data[count..];
            if (_partialLength == _partial.Length) FinishPartial();
        }
    }

    /// <summary>The signature of everything appended. Nothing may be appended afterwards.</summary>
    public FileSignature Finish()
    {
        if (_partialLength > 0) FinishPartial();
        return new FileSignature(
            _blocks, _rolling, (int)Math.Min(_partial.Length, _length), _length, starts: null,
            new FileHash(_whole.Algorithm, _whole.Finish()), _length);
    }

    /// <inheritdoc/>
    public void Dispose() => _whole.Dispose();

    private void FinishPartial()
    {
        _blocks.Add(_rolling, _partial.AsSpan(0, _partialLength));
        _partialLength = 0;
    }
}
