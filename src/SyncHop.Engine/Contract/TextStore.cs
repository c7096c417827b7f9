using System.Buffers.Binary;

namespace SyncHop.Engine.Contract;

/// <summary>
/// Names, each with a link target where it has one, in blocks that never move: place and bytes of a name are found by one
/// number. The first block grows with a small list, so that a directory of three files costs a few hundred bytes.
/// </summary>
internal sealed class TextStore
{
    /// <summary>Bytes that a name takes besides its own.</summary>
    public const int Overhead = sizeof(ushort);

    // A name and a target of 65,535 bytes each fit into one block.
    private const int BlockBits = 18, BlockLength = 1 << BlockBits;
    private const int SmallestBlock = 256;
    private const int HasTarget = int.MinValue;

    private byte[][] _blocks = [];
    private int _used;
    private int _wanted;

    /// <summary>Makes room for so many bytes, as far as one block goes.</summary>
    public void MakeRoom(int bytes)
    {
        _wanted = Math.Min(_used + bytes, BlockLength);
        if (_blocks.Length == 1 && _blocks[0].Length < _wanted) Array.Resize(ref _blocks[0], _wanted);
    }

    /// <summary>Keeps a name and a target.</summary>
    /// <returns>The number that finds them.</returns>
    /// <exception cref="ArgumentException">One is longer than 65,535 bytes.</exception>
    public int Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        if (name.Length > ushort.MaxValue || target.Length > ushort.MaxValue)
            throw new ArgumentException("a name or link target is longer than 65,535 bytes");
        int length = Overhead + name.Length + (target.IsEmpty ? 0 : Overhead + target.Length);
        Span<byte> room = Take(length, out int place);
        BinaryPrimitives.WriteUInt16LittleEndian(room, (ushort)name.Length);
        name.CopyTo(room[Overhead..]);
        if (target.IsEmpty) return place;
        room = room[(Overhead + name.Length)..];
        BinaryPrimitives.WriteUInt16LittleEndian(room, (ushort)target.Length);
        target.CopyTo(room[Overhead..]);
        return place | HasTarget;
    }

    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> NameAt(int place) => Text(Block(place));

    /// <summary>The target; empty where there is none.</summary>
    public ReadOnlySpan<byte> TargetAt(int place)
    {
        if ((place & HasTarget) == 0) return [];
        ReadOnlySpan<byte> block = Block(place);
        return Text(block[(Overhead + Text(block).Length)..]);
    }

    /// <summary>Begins anew.</summary>
    /// <returns>What was there.</returns>
    public TextStore Empty()
    {
        TextStore old = new() { _blocks = _blocks, _used = _used };
        _blocks = [];
        _used = _wanted = 0;
        return old;
    }

    private ReadOnlySpan<byte> Block(int place)
    {
        place &= ~HasTarget;
        return _blocks[place >> BlockBits].AsSpan(place & (BlockLength - 1));
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> block) =>
        block.Slice(Overhead, BinaryPrimitives.ReadUInt16LittleEndian(block));

    private Span<byte> Take(int length, out int place)
    {
        if (_blocks.Length == 0)
        {
            _blocks = [new byte[Math.Max(Math.Max(SmallestBlock, _wanted), length)]];
        }
        else if (_blocks[^1].Length - _used < length)
        {
            if (_blocks.Length == 1 && _used + length <= BlockLength)
            {
                Array.Resize(ref _blocks[0], Math.Min(Math.Max(_used + length, _blocks[0].Length * 2), BlockLength));
            }
            else
            {
                Array.Resize(ref _blocks, _blocks.Length + 1);
                _blocks[^1] = GC.AllocateUninitializedArray<byte>(BlockLength);
                _used = 0;
            }
        }
        place = checked(((_blocks.Length - 1) * BlockLength) + _used);
        Span<byte> room = _blocks[^1].AsSpan(_used, length);
        _used += length;
        return room;
    }
}
