using System.Globalization;
using SyncHop.Jobs.Units;
using SyncHop.Packaging.Completions;
using SyncHop.Packaging.Manual;
using SyncHop.Packaging.Notices;

namespace SyncHop.Packaging;

/// <summary>Writes what the packages hold beside the binary.</summary>
internal static class Program
{
    private const string Usage = """
        usage: SyncHop.Packaging docs DIRECTORY                    the man page, the completions and the systemd units
          or   SyncHop.Packaging notices project.assets.json RID   the licences of what the binary for RID contains
        """;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["docs", string directory]:
                WriteDocuments(directory);
                return 0;
            case ["notices", string assets, string platform]:
                Console.Out.Write(ThirdPartyNotices.Render(assets, platform));
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
        foreach ((string manager, bool isSystem) in (ReadOnlySpan<(string, bool)>)[("system", true), ("user", false)])
        {
            (string service, string timer) = ServiceUnits.Template(isSystem);
            string units = Directory.CreateDirectory(Path.Combine(directory, "systemd", manager)).FullName;
            File.WriteAllText(Path.Combine(units, "synchop@.service"), service);
            File.WriteAllText(Path.Combine(units, "synchop@.timer"), timer);
        }
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
