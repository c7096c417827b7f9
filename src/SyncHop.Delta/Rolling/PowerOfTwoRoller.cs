using System.Runtime.CompilerServices;

namespace SyncHop.Delta;

/// <summary>Rolls <see cref="RollingChecksum.Adler32"/>: modulo 2^16 is what remains of wrapping 32-bit arithmetic.</summary>
internal struct PowerOfTwoRoller : IRoller<PowerOfTwoRoller>
{
    private readonly uint _length;
    private uint _sum;
    private uint _weighted;

    private PowerOfTwoRoller(int length) => _length = (uint)length;

    public readonly uint Key
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_weighted << 16) | (ushort)_sum;
    }

    public static PowerOfTwoRoller Create(int length) => new(length);

    public static uint KeyOf(uint checksum, int length) =>
        (((checksum >> 16) - (uint)length) << 16) | (ushort)(checksum - 1);

    public void Start(ReadOnlySpan<byte> window)
    {
        (ulong sum, ulong weighted) = BlockSum.Compute(window);
        _sum = (uint)sum;
        _weighted = (uint)weighted;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Roll(byte leaving, byte entering)
    {
        _sum = _sum - leaving + entering;
        _weighted = _weighted - (_length * leaving) + _sum;
    }
}
