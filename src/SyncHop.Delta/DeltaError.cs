namespace SyncHop.Delta;

/// <summary>What kind of thing went wrong in a <see cref="DeltaException"/>.</summary>
public enum DeltaError
{
    /// <summary>The signature or delta file breaks the format: truncated, wrong lengths, ranges outside the basis.</summary>
    Malformed,

    /// <summary>The file is well-formed so far but names a version or an algorithm that is not known here, or is too large.</summary>
    Unsupported,

    /// <summary>The basis is not the file that the delta was built against.</summary>
    WrongBasis,

    /// <summary>The file that the delta makes is not the one that it promises.</summary>
    WrongResult,

    /// <summary>A source became shorter while it was read.</summary>
    SourceChanged,
}
