using System.Buffers.Binary;
using System.Numerics;

namespace SyncHop.Engine.Hashing;

/// <summary>MD4 (RFC 1320), which .NET does not have. Broken as a cryptographic hash; for showing what rsync shows.</summary>
internal sealed class Md4
{
    private const int BlockLength = 64;

    // RFC 1320, 3.4: the order of words, the rotations and the constant of each round.
    private static readonly int[][] Order =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
        [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    ];

    private static readonly int[][] Rotations = [[3, 7, 11, 19], [3, 5, 9, 13], [3, 9, 11, 15]];
    private static readonly uint[] Constants = [0, 0x5A827999, 0x6ED9EBA1];

    private readonly uint[] _state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476];
    private readonly byte[] _rest = new byte[BlockLength];
    private int _restLength;
    private long _length;

    /// <summary>Adds the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        _length += data.Length;
        while (data.Length > 0)
        {
            int taken = Math.Min(BlockLength - _restLength, data.Length);
            data[..taken].CopyTo(_rest.AsSpan(_restLength));
            data = data[taken..];
            _restLength += taken;
            if (_restLength < BlockLength) return;
            Transform(_rest);
            _restLength = 0;
        }
    }

    /// <summary>The 16 bytes of the hash; nothing may be added afterwards.</summary>
    public byte[] Finish()
    {
        ulong bits = (ulong)_length * 8;
        Append([0x80]);
        while (_restLength != BlockLength - sizeof(ulong)) Append([0]);
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, bits);
        Append(length);
        byte[] hash = new byte[16];
        for (int i = 0; i < _state.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(hash.AsSpan(4 * i), _state[i]);
        return hash;
    }

    private void Transform(ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[16];
        for (int i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);
        uint a = _state[0], b = _state[1], c = _state[2], d = _state[3];
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < words.Length; i++)
            {
                uint mixed = round switch
                {
                    0 => (b & c) | (~b & d),
                    1 => (b & c) | (b & d) | (c & d),
                    _ => b ^ c ^ d,
                };
                uint next = BitOperations.RotateLeft(a + mixed + words[Order[round][i]] + Constants[round], Rotations[round][i % 4]);
                (a, b, c, d) = (d, next, b, c);
            }
        }
        _state[0] += a;
        _state[1] += b;
        _state[2] += c;
        _state[3] += d;
    }
}
