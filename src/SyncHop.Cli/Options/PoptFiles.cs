namespace SyncHop.Cli.Options;

/// <summary>The files in which rsync finds its users' own options (popt(3)); synchop does not read them, and says so where they are meant for rsync.</summary>
internal static class PoptFiles
{
    private const int LongestRead = 1 << 16;

    /// <summary>The first of <c>/etc/popt</c> and <c>~/.popt</c> that gives rsync an alias; null for none.</summary>
    /// <param name="home">The home directory; null or empty for none.</param>
    public static string? FirstForRsync(string? home)
    {
        string[] files = string.IsNullOrEmpty(home) ? ["/etc/popt"] : ["/etc/popt", home + "/.popt"];
        return files.FirstOrDefault(IsForRsync);
    }

    private static bool IsForRsync(string path)
    {
        try
        {
            // Whatever else bears that name, such as a pipe, is not waited for.
            if (new FileInfo(path) is not { Exists: true, Length: > 0 and <= LongestRead }) return false;
            return File.ReadLines(path).Any(static line =>
                line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is ["rsync", "alias" or "exec", ..]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
