namespace SyncHop.Cli.Running;

/// <summary>The character set of the user's locale, as locale(7) derives it from the environment.</summary>
internal static class Locale
{
    /// <summary>Whether it is UTF-8.</summary>
    public static bool IsUtf8
    {
        get
        {
            foreach (string name in (ReadOnlySpan<string>)["LC_ALL", "LC_CTYPE", "LANG"])
            {
                string? value = Environment.GetEnvironmentVariable(name);
                if (string.IsNullOrEmpty(value)) continue;
                return value.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || value.Contains("utf8", StringComparison.OrdinalIgnoreCase);
            }
            return false;
        }
    }
}
