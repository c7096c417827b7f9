namespace SyncHop.Cli.Arguments;

/// <summary>
/// The command line's arguments as the kernel has them. .NET decodes argv as UTF-8 and replaces what it cannot decode by
/// U+FFFD; here such arguments are read again from <c>/proc/self/cmdline</c> (proc(5)) and decoded by
/// <see cref="ByteString"/>.
/// </summary>
internal static class RawArguments
{
    private const char Replacement = '\uFFFD';

    /// <summary>The arguments after the program's name; <paramref name="decoded"/> are those given to <c>Main</c>.</summary>
    public static string[] Read(string[] decoded)
    {
        if (!Array.Exists(decoded, static a => a.Contains(Replacement, StringComparison.Ordinal))) return decoded;
        try
        {
            return Restore(decoded, File.ReadAllBytes("/proc/self/cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return decoded; // No /proc: the arguments as .NET decoded them are the best there is.
        }
    }

    /// <summary>
    /// The last arguments in <paramref name="commandLine"/> (each ended by a NUL), as many as <paramref name="decoded"/>
    /// has: what stands before them is the program, or under <c>dotnet</c> the host and the assembly.
    /// </summary>
    internal static string[] Restore(string[] decoded, ReadOnlySpan<byte> commandLine)
    {
        List<string> all = [];
        while (!commandLine.IsEmpty)
        {
            int end = commandLine.IndexOf((byte)0);
            if (end < 0) end = commandLine.Length;
            all.Add(ByteString.Decode(commandLine[..end]));
            commandLine = commandLine[Math.Min(end + 1, commandLine.Length)..];
        }

        return all.Count > decoded.Length ? [.. all[^decoded.Length..]] : decoded;
    }
}
