using System.Globalization;
using SyncHop.Packaging.Completions;
using SyncHop.Packaging.Manual;

namespace SyncHop.Packaging;

/// <summary>Writes what the packages hold beside the binary.</summary>
internal static class Program
{
    private const string Usage = "usage: SyncHop.Packaging docs DIRECTORY";

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["docs", string directory]:
                WriteDocuments(directory);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 1;
        }
    }

    private static void WriteDocuments(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "synchop.1"), ManPage.Render(SourceDate()));
        File.WriteAllText(Path.Combine(directory, "synchop.bash"), BashCompletion.Render());
        File.WriteAllText(Path.Combine(directory, "_synchop"), ZshCompletion.Render());
        File.WriteAllText(Path.Combine(directory, "synchop.fish"), FishCompletion.Render());
    }

    /// <summary>The date that generated documents carry: SOURCE_DATE_EPOCH (reproducible-builds.org), or today.</summary>
    private static DateOnly SourceDate()
    {
        string? epoch = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH");
        DateTimeOffset time = string.IsNullOrEmpty(epoch)
            ? DateTimeOffset.UtcNow
            : DateTimeOffset.FromUnixTimeSeconds(long.Parse(epoch, CultureInfo.InvariantCulture));
        return DateOnly.FromDateTime(time.UtcDateTime);
    }
}
