using SyncHop.Cli.Options;
using SyncHop.Engine;

namespace SyncHop.Packaging.Completions;

/// <summary>What an option's value can be completed with.</summary>
internal enum ValueKind
{
    /// <summary>Nothing: a number, a pattern, a command.</summary>
    Free,

    /// <summary>Files on this machine.</summary>
    File,

    /// <summary>Directories on this machine.</summary>
    Directory,

    /// <summary>Hops with commas between them.</summary>
    Hops,

    /// <summary>One of certain words.</summary>
    Words,

    /// <summary>Several of them, with commas between them.</summary>
    WordList,
}

/// <summary>How the value of an option is completed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Words">The words, for <see cref="ValueKind.Words"/> and <see cref="ValueKind.WordList"/>.</param>
internal sealed record OptionValue(ValueKind Kind, IReadOnlyList<string> Words)
{
    private static readonly Dictionary<string, string[]> Choices = new(StringComparer.Ordinal)
    {
        ["info"] = [.. Enum.GetNames<InfoFlag>().Select(name => name.ToLowerInvariant()), "all", "none", "help"],
        ["debug"] = [.. Enum.GetNames<DebugFlag>().Select(name => name.ToLowerInvariant()), "all", "none", "help"],
        ["stderr"] = ["errors", "all", "client"],
        ["outbuf"] = ["N", "L", "B"],
        ["checksum-choice"] = ["auto", "xxh128", "xxh3", "xxh64", "md5", "md4", "sha1", "none"],
        ["compress-choice"] = ["auto", "zstd", "lz4", "zlibx", "zlib", "none"],
        ["delta"] = ["auto", "store", "read", "off"],
        ["signature-store"] = ["remote", "local", "none"],
    };

    /// <summary>The long names of the options that take certain words.</summary>
    public static IReadOnlyCollection<string> WithWords => Choices.Keys;

    /// <summary>How the value of an option that takes one is completed.</summary>
    public static OptionValue Of(OptionDefinition option)
    {
        if (option.Long is { } name && Choices.TryGetValue(name, out string[]? words))
            return new OptionValue(name is "info" or "debug" ? ValueKind.WordList : ValueKind.Words, words);
        ValueKind kind = option.ValueName switch
        {
            "FILE" or "[HOP=]FILE" => ValueKind.File,
            "DIR" => ValueKind.Directory,
            "HOP[,HOP]..." => ValueKind.Hops,
            _ => ValueKind.Free,
        };
        return new OptionValue(kind, []);
    }
}
