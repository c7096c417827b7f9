using SyncHop.Engine;

namespace SyncHop.Cli.Options;

/// <summary>The value of <c>--checksum-choice</c>: one name, or two with a comma between them (rsync(1)).</summary>
/// <param name="Transfer">For files that are transferred.</param>
/// <param name="Comparison">For <c>--checksum</c>.</param>
internal readonly record struct ChecksumChoice(ChecksumName Transfer, ChecksumName Comparison)
{
    /// <summary>Reads the value.</summary>
    /// <exception cref="CommandException">A name is not rsync's (exit code 4).</exception>
    public static ChecksumChoice Parse(string value)
    {
        int comma = value.IndexOf(',', StringComparison.Ordinal);
        if (comma <= 0) return new ChecksumChoice(Name(value, ChecksumName.Xxh128), Name(value, ChecksumName.Xxh128));
        // With two names rsync negotiates nothing: auto is then what the oldest version knows.
        return new ChecksumChoice(Name(value[..comma], ChecksumName.Md5), Name(value[(comma + 1)..], ChecksumName.Md5));
    }

    /// <summary>The checksum that is shown.</summary>
    /// <param name="compares">Whether <c>--checksum</c> is in effect.</param>
    /// <exception cref="CommandException">There is none to compare by (exit code 4).</exception>
    public ChecksumName Shown(bool compares)
    {
        if (!compares) return Transfer;
        return Comparison == ChecksumName.None
            ? throw new CommandException(ExitCode.Unsupported, "Invalid checksum-choice for --checksum: none (0)") { IsNamed = false }
            : Comparison;
    }

    private static ChecksumName Name(string name, ChecksumName automatic) => name.ToLowerInvariant() switch
    {
        "auto" => automatic,
        "xxh128" => ChecksumName.Xxh128,
        "xxh3" => ChecksumName.Xxh3,
        "xxh64" or "xxhash" => ChecksumName.Xxh64,
        "md5" => ChecksumName.Md5,
        "md4" => ChecksumName.Md4,
        "sha1" => ChecksumName.Sha1,
        "none" => ChecksumName.None,
        _ => throw new CommandException(ExitCode.Unsupported, $"unknown checksum name: {name}") { IsNamed = false },
    };
}
