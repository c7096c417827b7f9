using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;

namespace SyncHop.Engine;

/// <summary>What is to be synchronized with what.</summary>
public sealed record SyncRequest
{
    /// <summary>The host that all sources are on.</summary>
    public required IReplicaHost SourceHost { get; init; }

    /// <summary>The sources' paths as typed, trailing slashes included; empty is the working or home directory.</summary>
    public required IReadOnlyList<byte[]> Sources { get; init; }

    /// <summary>The names of <c>--files-from</c> below the one source; null where all of the sources is meant.</summary>
    public IReadOnlyList<byte[]>? Names { get; init; }

    /// <summary>
    /// The sources' host where it follows the symlinks on the way to <see cref="Names"/> and to those of <c>--relative</c>, but not those
    /// that came during the run, nor, for <see cref="Names"/>, those of other users; null where it is <see cref="SourceHost"/> itself.
    /// </summary>
    public IReplicaHost? WayHost { get; init; }

    /// <summary>The host of the destination; the source's host when listing only.</summary>
    public required IReplicaHost DestinationHost { get; init; }

    /// <summary>The destination's path as typed; null when listing only.</summary>
    public required byte[]? Destination { get; init; }

    /// <summary>The options.</summary>
    public required SyncOptions Options { get; init; }

    /// <summary>Takes the lines of <c>--log-file</c>, each with its newline, from any task; null for none.</summary>
    public Action<ReadOnlyMemory<byte>>? Log { get; init; }

    /// <summary>What the sources' host is called in a signature store on this machine; empty for this machine itself.</summary>
    public byte[] SourceName { get; init; } = [];

    /// <summary>The same of the destination's host.</summary>
    public byte[] DestinationName { get; init; } = [];

    /// <summary>This machine; holds signatures where a remote host cannot. null when there is none for that.</summary>
    public IReplicaHost? Here { get; init; }

    /// <summary>The absolute path of this user's signature store on this machine; null where there is no home.</summary>
    public byte[]? SignatureDirectory { get; init; }

    /// <summary>What the attempts of this run know of each other; null when a lost connection ends it for good.</summary>
    public Resumption? Resumption { get; init; }

    /// <summary>Counts how far the run is; null when nobody looks.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>Bytes sent to and received from the other hosts so far; null when both sides are local.</summary>
    public Func<WireBytes>? WireBytes { get; init; }
}

/// <summary>Bytes on the wire so far.</summary>
/// <param name="Sent">Bytes sent.</param>
/// <param name="Received">Bytes received.</param>
public readonly record struct WireBytes(long Sent, long Received)
{
    /// <summary>Both together.</summary>
    public static WireBytes operator +(WireBytes x, WireBytes y) => new(x.Sent + y.Sent, x.Received + y.Received);

    /// <inheritdoc cref="op_Addition"/>
    public static WireBytes Add(WireBytes x, WireBytes y) => x + y;
}
