namespace SyncHop.Jobs;

/// <summary>Where this user's runs keep what has to outlive them: locks and the history of jobs.</summary>
public static class StateDirectory
{
    /// <summary><c>synchop</c> in XDG_STATE_HOME, or in <c>~/.local/state</c> (XDG Base Directory Specification).</summary>
    /// <remarks>HOME may be missing, as in a system service: then the user database knows.</remarks>
    public static string Path { get; } = System.IO.Path.Combine(Root(), "synchop");

    private static string Root()
    {
        // "All paths set in these environment variables must be absolute. If [...] relative, the path should be considered invalid."
        if (Environment.GetEnvironmentVariable("XDG_STATE_HOME") is ['/', ..] configured) return configured;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return System.IO.Path.Combine(home.Length > 0 ? home : "/", ".local", "state");
    }
}
