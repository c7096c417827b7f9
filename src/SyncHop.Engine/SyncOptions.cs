namespace SyncHop.Engine;

/// <summary>
/// What the user asked for, after the command line's own rules (<c>-a</c>, <c>--no-OPTION</c>, implied options) are
/// applied. Each property is the rsync(1) option of that name; defaults are rsync's.
/// </summary>
public sealed record SyncOptions
{
    /// <summary><c>--dry-run, -n</c>: report what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary><c>--verbose, -v</c>: how often it was given; 0 with <c>--quiet</c>.</summary>
    public int Verbosity { get; init; }

    /// <summary><c>--quiet, -q</c>: no messages that are not errors.</summary>
    public bool Quiet { get; init; }

    /// <summary><c>--recursive, -r</c>.</summary>
    public bool Recursive { get; init; }

    /// <summary><c>--dirs, -d</c>: directories are transferred without recursing; implied by <c>-r</c> and <c>--list-only</c>.</summary>
    public bool Dirs { get; init; }

    /// <summary><c>--links, -l</c>: symlinks are copied as symlinks.</summary>
    public bool Links { get; init; }

    /// <summary><c>--perms, -p</c>.</summary>
    public bool Perms { get; init; }

    /// <summary><c>--times, -t</c>.</summary>
    public bool Times { get; init; }

    /// <summary><c>--group, -g</c>.</summary>
    public bool Group { get; init; }

    /// <summary><c>--owner, -o</c>.</summary>
    public bool Owner { get; init; }

    /// <summary><c>--devices</c>.</summary>
    public bool Devices { get; init; }

    /// <summary><c>--specials</c>: named pipes and sockets.</summary>
    public bool Specials { get; init; }

    /// <summary><c>--update, -u</c>: skip files that are newer on the receiver.</summary>
    public bool Update { get; init; }

    /// <summary><c>--checksum, -c</c>: compare by content, not by time.</summary>
    public bool Checksum { get; init; }

    /// <summary><c>--ignore-times, -I</c>: transfer also what has the same size and time.</summary>
    public bool IgnoreTimes { get; init; }

    /// <summary><c>--size-only</c>: what has the same size is the same.</summary>
    public bool SizeOnly { get; init; }

    /// <summary><c>--existing</c>: create nothing new on the receiver.</summary>
    public bool Existing { get; init; }

    /// <summary><c>--ignore-existing</c>: leave alone what exists on the receiver.</summary>
    public bool IgnoreExisting { get; init; }

    /// <summary><c>--whole-file, -W</c> (true) or <c>--no-whole-file</c> (false); null is rsync's choice.</summary>
    public bool? WholeFile { get; init; }

    /// <summary><c>--itemize-changes, -i</c>: how often it was given.</summary>
    public int ItemizeChanges { get; init; }

    /// <summary><c>--out-format=FORMAT</c>, as raw bytes.</summary>
    public byte[]? OutFormat { get; init; }

    /// <summary><c>--human-readable, -h</c>: 0 plain digits (<c>--no-h</c>), 1 digit groups (the default), 2 units of 1000, 3 units of 1024.</summary>
    public int HumanReadable { get; init; } = 1;

    /// <summary><c>--stats</c>.</summary>
    public bool Stats { get; init; }

    /// <summary><c>--delete</c>: remove what the source does not have.</summary>
    public bool Delete { get; init; }

    /// <summary><c>--one-file-system, -x</c>: how often it was given.</summary>
    public int OneFileSystem { get; init; }

    /// <summary><c>--numeric-ids</c>: owners are not mapped by name.</summary>
    public bool NumericIds { get; init; }

    /// <summary><c>--list-only</c>, or no destination: list the source.</summary>
    public bool ListOnly { get; init; }

    /// <summary>Whether the locale is UTF-8: valid UTF-8 in names is then shown as it is.</summary>
    public bool Utf8Locale { get; init; }

    /// <summary><c>--8-bit-output, -8</c>: high bytes in names are shown as they are.</summary>
    public bool EightBitOutput { get; init; }
}
