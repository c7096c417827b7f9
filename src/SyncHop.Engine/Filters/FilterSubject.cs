using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Filters;

/// <summary>An entry that rules are asked about.</summary>
internal readonly ref struct FilterSubject
{
    private readonly ReadOnlySpan<byte> _buffer;
    private readonly int _transferStart;
    private readonly int _nameStart;
    private readonly int _end;

    internal FilterSubject(ReadOnlySpan<byte> buffer, int transferStart, int nameStart, int end, bool isDirectory)
    {
        _buffer = buffer;
        _transferStart = transferStart;
        _nameStart = nameStart;
        _end = end;
        IsDirectory = isDirectory;
    }

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory { get; }

    /// <summary>The last component.</summary>
    public ReadOnlySpan<byte> Name => _buffer[_nameStart.._end];

    /// <summary>The path in the transfer.</summary>
    public ReadOnlySpan<byte> TransferPath => _buffer[_transferStart.._end];

    /// <summary>The path below the directory whose full path, slash included, is <paramref name="prefixLength"/> bytes; 0 gives the full path.</summary>
    public ReadOnlySpan<byte> PathBelow(int prefixLength) => _buffer[Math.Min(prefixLength, _end).._end];

    /// <summary><paramref name="path"/>, which one of the properties gave, with a slash before or behind it.</summary>
    public ReadOnlySpan<byte> Extend(ReadOnlySpan<byte> path, bool before, bool behind)
    {
        int start = _end - path.Length - (before ? 1 : 0);
        return _buffer[start..(behind ? _end + 1 : _end)];
    }
}

/// <summary>Lays out the paths of a directory's entries one after the other, without an allocation for each.</summary>
internal sealed class FilterSubjectBuffer
{
    private readonly int _prefixLength;
    private readonly int _transferStart;
    private byte[] _buffer;

    /// <param name="fullPath">The directory's path on its host.</param>
    /// <param name="transferPath">Its path in the transfer, with which the full path ends.</param>
    public FilterSubjectBuffer(ReadOnlySpan<byte> fullPath, RelativePath transferPath)
    {
        ReadOnlySpan<byte> transfer = transferPath.Bytes;
        bool endsInSlash = fullPath is [.., (byte)'/'];
        bool fits = transfer.IsEmpty || (fullPath.EndsWith(transfer) && fullPath.Length > transfer.Length && fullPath[^(transfer.Length + 1)] == '/');
        // A host that does not know its full paths: what is known of it counts as the directory above.
        int length = fullPath.Length + (endsInSlash ? 0 : 1) + (fits ? 0 : transfer.Length + 1);
        _buffer = new byte[length + 256];
        fullPath.CopyTo(_buffer);
        if (!endsInSlash) _buffer[fullPath.Length] = (byte)'/';
        if (!fits)
        {
            transfer.CopyTo(_buffer.AsSpan(length - transfer.Length - 1));
            _buffer[length - 1] = (byte)'/';
        }
        _prefixLength = length;
        _transferStart = transfer.IsEmpty ? length : length - transfer.Length - 1;
    }

    /// <summary>The length of the directory's full path with a slash.</summary>
    public int PrefixLength => _prefixLength;

    /// <summary>An entry of the directory; valid until the next is asked for.</summary>
    public FilterSubject Subject(ReadOnlySpan<byte> name, bool isDirectory)
    {
        int end = _prefixLength + name.Length;
        if (end + 1 > _buffer.Length) Array.Resize(ref _buffer, end + 256);
        name.CopyTo(_buffer.AsSpan(_prefixLength));
        _buffer[end] = (byte)'/';
        return new FilterSubject(_buffer, _transferStart, _prefixLength, end, isDirectory);
    }
}
