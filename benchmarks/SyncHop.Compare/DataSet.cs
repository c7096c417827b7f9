namespace SyncHop.Compare;

/// <summary>A tree that is the same on every machine: made from a seed.</summary>
/// <param name="Name">What it is called in the results.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="Make">Makes it in an empty folder.</param>
internal sealed record DataSet(string Name, int Files, Action<string, Random> Make)
{
    private const int FilesInDirectory = 100;
    private const int Piece = 1 << 20;
    private const int Edit = 4096;

    // 2001-09-09: far from now, so that no file looks as if it had just been changed.
    private static readonly DateTime Time = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000).UtcDateTime;

    /// <summary>Many small files: 0 to 8 KiB of text.</summary>
    public static DataSet Small(int files) => new($"{files:N0} small files", files, (root, random) =>
    {
        for (int i = 0; i < files; i++) WriteText(PathOf(root, i), random, random.Next(8193));
    });

    /// <summary>Very many files of a few bytes, for listings.</summary>
    public static DataSet Tiny(int files) => new($"{files:N0} tiny files", files, (root, random) =>
    {
        for (int i = 0; i < files; i++) WriteText(PathOf(root, i), random, 1 + (i % 16));
    });

    /// <summary>One file that does not compress.</summary>
    public static DataSet Large(long bytes) => new($"one file of {Size(bytes)}", 1, (root, random) =>
    {
        string path = Path.Combine(root, "large");
        using (FileStream file = File.Create(path))
        {
            byte[] piece = new byte[Piece];
            for (long left = bytes; left > 0; left -= piece.Length)
            {
                random.NextBytes(piece);
                file.Write(piece, 0, (int)Math.Min(left, piece.Length));
            }
        }
        File.SetLastWriteTimeUtc(path, Time);
    });

    /// <summary>Files of 100 bytes to 32 MiB, half text and half noise: few large ones have most of the bytes.</summary>
    public static DataSet Mixed(int files) => new($"mixed tree of {files:N0} files", files, (root, random) =>
    {
        for (int i = 0; i < files; i++)
        {
            // The exponent is squared so that most files are small.
            int length = (int)(100 * Math.Pow(335_544, Math.Pow(random.NextDouble(), 2.5)));
            if (i % 2 == 0) WriteText(PathOf(root, i), random, length);
            else WriteNoise(PathOf(root, i), random, length);
        }
    });

    /// <summary>Changes 1 % of a large file's bytes: 4 KiB edits all over it.</summary>
    public static void EditLarge(string root)
    {
        string path = Path.Combine(root, "large");
        Random random = new(2);
        byte[] edit = new byte[Edit];
        using (FileStream file = File.OpenWrite(path))
        {
            for (long i = file.Length / Edit / 100; i > 0; i--)
            {
                file.Position = random.NextInt64(file.Length - Edit);
                random.NextBytes(edit);
                file.Write(edit);
            }
        }
        File.SetLastWriteTimeUtc(path, Time.AddDays(1));
    }

    /// <summary>Makes the tree in a new folder.</summary>
    /// <param name="root">The folder.</param>
    public void Create(string root)
    {
        Directory.CreateDirectory(root);
        Make(root, new Random(1));
    }

    private static string PathOf(string root, int index)
    {
        string directory = Path.Combine(root, $"d{index / FilesInDirectory / FilesInDirectory}", $"e{index / FilesInDirectory}");
        if (index % FilesInDirectory == 0) Directory.CreateDirectory(directory);
        return Path.Combine(directory, $"file{index}.txt");
    }

    private static void WriteText(string path, Random random, int length)
    {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) text[i] = (byte)"etaoin shrdlu cmfwyp\n"[random.Next(21)];
        Write(path, text);
    }

    private static void WriteNoise(string path, Random random, int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        Write(path, noise);
    }

    private static void Write(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, Time);
    }

    private static string Size(long bytes) => bytes >= 1 << 30 ? $"{bytes >> 30} GiB" : $"{bytes >> 20} MiB";
}
