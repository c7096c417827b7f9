namespace SyncHop.Packaging;

/// <summary>The texts that are part of this program.</summary>
internal static class Resources
{
    /// <summary>Reads one.</summary>
    /// <param name="name">Its logical name in the project file.</param>
    public static string Read(string name)
    {
        using Stream stream = typeof(Resources).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
