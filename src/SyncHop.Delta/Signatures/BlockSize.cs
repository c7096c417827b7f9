namespace SyncHop.Delta;

/// <summary>
/// Chooses the block length for a file. A signature of N bytes costs 14·N/B bytes (with 64-bit hashes), and each place where the file
/// was edited costs about one block B that has to be sent. With k edited places the sum 14·N/B + k·B is least at B = √(14·N/k). How often
/// a file is edited is not known; larger files have more edited places, but not in proportion to their size. Taking k = √N / 32 (32
/// places in 1 MiB, 1,024 in 1 GiB) gives B = √(14·32) · N^(1/4) ≈ 21 · N^(1/4): 640 bytes for 1 MiB, 3,776 for 1 GiB, 6,720 for 10 GiB,
/// 21,504 for 1 TiB. rsync's √N equals k = 14 at any size: it saves signature but costs 9 times more per edit in a 1 GiB file.
/// </summary>
public static class BlockSize
{
    /// <summary>Shortest block that is chosen, and that FastRsyncNet writes, in bytes.</summary>
    public const int Shortest = 128;

    /// <summary>Longest block that is chosen, and that FastRsyncNet writes, in bytes.</summary>
    public const int Longest = 31 * 1024;

    /// <summary>Longest block that the format can hold (an i16), in bytes.</summary>
    public const int FormatLimit = short.MaxValue;

    private const int Step = 64;

    /// <summary>The block length for a file of that many bytes: a multiple of 64.</summary>
    public static int For(long fileLength)
    {
        double length = Math.Sqrt(Math.Sqrt(fileLength)) * 21;
        return (int)Math.Clamp(Math.Floor(length / Step) * Step, Shortest, Longest);
    }
}
