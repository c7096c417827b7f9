namespace SyncHop.Engine;

// What is told, and how.
public sealed partial record SyncOptions
{
    /// <summary><c>--verbose, -v</c>: how often it was given; 0 with <c>--quiet</c>.</summary>
    public int Verbosity { get; init; }

    /// <summary><c>--quiet, -q</c>: no messages that are not errors.</summary>
    public bool Quiet { get; init; }

    /// <summary><c>--json</c>: standard output gets objects for programs, one a line, and no text.</summary>
    public bool Json { get; init; }

    /// <summary><c>--itemize-changes, -i</c>: how often it was given.</summary>
    public int ItemizeChanges { get; init; }

    /// <summary><c>--out-format=FORMAT</c>, as raw bytes.</summary>
    public byte[]? OutFormat { get; init; }

    /// <summary><c>--log-file=FILE</c>; null for none.</summary>
    public string? LogFile { get; init; }

    /// <summary><c>--log-file-format=FORMAT</c>, as raw bytes; null for rsync's.</summary>
    public byte[]? LogFileFormat { get; init; }

    /// <summary><c>--stderr=MODE</c>: what goes to standard error.</summary>
    public ErrorOutput ErrorOutput { get; init; }

    /// <summary><c>--outbuf=MODE</c>: how standard output is buffered.</summary>
    public OutputBuffering Buffering { get; init; }

    /// <summary><c>--human-readable, -h</c>: 0 plain digits (<c>--no-h</c>), 1 digit groups (the default), 2 units of 1000, 3 units of 1024.</summary>
    public int HumanReadable { get; init; } = 1;

    /// <summary><c>--stats</c>.</summary>
    public bool Stats { get; init; }

    /// <summary><c>--list-only</c>, or no destination: list the source.</summary>
    public bool ListOnly { get; init; }

    /// <summary>Whether the locale is UTF-8: valid UTF-8 in names is then shown as it is.</summary>
    public bool Utf8Locale { get; init; }

    /// <summary><c>--8-bit-output, -8</c>: high bytes in names are shown as they are.</summary>
    public bool EightBitOutput { get; init; }
}

/// <summary>What goes to standard error.</summary>
public enum ErrorOutput
{
    /// <summary>Errors.</summary>
    Errors,
    /// <summary>Everything.</summary>
    All,
    /// <summary>Errors; rsync sends them to the client first, which is the only process here.</summary>
    Client,
}

/// <summary>How standard output is buffered.</summary>
public enum OutputBuffering
{
    /// <summary>By lines on a terminal, otherwise in blocks that do not wait long.</summary>
    Automatic,
    /// <summary>Not at all.</summary>
    None,
    /// <summary>By lines.</summary>
    Line,
    /// <summary>In blocks.</summary>
    Block,
}
