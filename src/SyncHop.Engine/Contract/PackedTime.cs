namespace SyncHop.Engine.Contract;

/// <summary>A time in one number: 34 bits of seconds, from 1697 to 2242, and 30 bits of nanoseconds.</summary>
internal static class PackedTime
{
    private const int NanosecondBits = 30;

    /// <summary>Stands for a time that does not fit.</summary>
    public const long None = long.MinValue;

    /// <summary>The number, or <see cref="None"/>.</summary>
    public static long Pack(long seconds, int nanoseconds)
    {
        long packed = seconds << NanosecondBits;
        return packed >> NanosecondBits == seconds && nanoseconds >> NanosecondBits == 0 ? packed | (uint)nanoseconds : None;
    }

    /// <summary>The seconds since 1970 UTC.</summary>
    public static long Seconds(long packed) => packed >> NanosecondBits;

    /// <summary>The nanoseconds within the second.</summary>
    public static int Nanoseconds(long packed) => (int)(packed & ((1 << NanosecondBits) - 1));
}
