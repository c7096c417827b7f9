namespace SyncHop.Engine;

// How what the destination has already is used.
public sealed partial record SyncOptions
{
    /// <summary><c>--delta=MODE</c>: where the signature of what the destination has may come from.</summary>
    public DeltaMode Delta { get; init; }

    /// <summary><c>--block-size=SIZE, -B</c>: bytes of a block; null or 0 to choose by the file's size.</summary>
    public int? BlockSize { get; init; }

    /// <summary><c>--signature-store=KIND[:DIR]</c>.</summary>
    public SignatureStoreChoice SignatureStore { get; init; } = new(SignatureStoreKind.Remote, null);

    /// <summary><c>--sign</c>, <c>--prune-signatures</c>: what is done with the signature store instead of synchronizing.</summary>
    public SignatureTask SignatureTask { get; init; }

    /// <summary><c>--verify</c>: everything that was written is read back and compared.</summary>
    public bool Verify { get; init; }

    /// <summary>
    /// Whether a stored signature is believed as long as size and time of its file are the same: not by whoever asks for contents to
    /// be compared (<c>-c</c>) or for times to be ignored (<c>-I</c>), which is how a damaged file is found and mended.
    /// </summary>
    internal bool TrustsSignatures => !Checksum && !IgnoreTimes;
}

/// <summary>Where the signature of what the destination has may come from.</summary>
public enum DeltaMode
{
    /// <summary>From the store or the server, never by reading more than is saved.</summary>
    Auto,

    /// <summary>From the signature store only.</summary>
    Store,

    /// <summary>From the store, else by reading the file.</summary>
    Read,

    /// <summary>Nowhere: files are sent whole, and none is signed.</summary>
    Off,
}

/// <summary>What is done with the signature store instead of synchronizing.</summary>
public enum SignatureTask
{
    /// <summary>Nothing: files are synchronized.</summary>
    None,

    /// <summary>Files are read and their signatures stored.</summary>
    Sign,

    /// <summary>Signatures of files that are gone are removed.</summary>
    Prune,
}

/// <summary>Where signatures are kept.</summary>
public enum SignatureStoreKind
{
    /// <summary>On the host that the files are on; on this machine where that cannot be written.</summary>
    Remote,

    /// <summary>On this machine.</summary>
    Local,

    /// <summary>Nowhere.</summary>
    None,
}

/// <summary>Where signatures are kept.</summary>
/// <param name="Kind">On which machine.</param>
/// <param name="Directory">Its directory there, as raw bytes; null for <c>~/.cache/synchop/signatures</c>.</param>
public sealed record SignatureStoreChoice(SignatureStoreKind Kind, byte[]? Directory);
