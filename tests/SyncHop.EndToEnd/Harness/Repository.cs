namespace SyncHop.EndToEnd.Harness;

/// <summary>Where the repository and the program under test are.</summary>
internal static class Repository
{
    /// <summary>The folder with SyncHop.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The native binary: the environment's SYNCHOP, or artifacts/synchop.</summary>
    /// <exception cref="FileNotFoundException">It has not been built.</exception>
    public static string Binary
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("SYNCHOP") ?? Path.Combine(Root, "artifacts", "synchop");
            return File.Exists(path)
                ? Path.GetFullPath(path)
                : throw new FileNotFoundException($"{path} is missing: run scripts/build, or set SYNCHOP");
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SyncHop.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no SyncHop.sln above {AppContext.BaseDirectory}");
    }
}
