namespace SyncHop.Engine;

// When and how a file is updated.
public sealed partial record SyncOptions
{
    /// <summary><c>--update, -u</c>: skip files that are newer on the receiver.</summary>
    public bool Update { get; init; }

    /// <summary><c>--checksum, -c</c>: compare by content, not by time.</summary>
    public bool Checksum { get; init; }

    /// <summary>The checksum that <c>--checksum-choice</c> selects for what is shown.</summary>
    public ChecksumName Sum { get; init; }

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

    /// <summary><c>--buffer-size=SIZE</c>: bytes of memory for content on its way, half of it for what was read, half for what connections have not delivered.</summary>
    public long BufferSize { get; init; } = 64 << 20;

    /// <summary><c>--max-alloc=SIZE</c>: bytes of memory that a server's list of one directory may take.</summary>
    public long MaxAlloc { get; init; } = 1 << 30;

    /// <summary>Bytes of memory for content that was read and not handed on.</summary>
    internal long BufferBytes => BufferSize / 2;
}
