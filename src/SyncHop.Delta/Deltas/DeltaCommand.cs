namespace SyncHop.Delta;

/// <summary>One step in making the new file: copy a range of the basis, or take the next bytes as they are.</summary>
/// <param name="BasisOffset">Where the range begins in the basis, in bytes; negative for literal bytes.</param>
/// <param name="Length">Bytes of the new file that it makes.</param>
public readonly record struct DeltaCommand(long BasisOffset, long Length)
{
    /// <summary>Whether a range of the basis is copied.</summary>
    public bool IsCopy => BasisOffset >= 0;

    /// <summary>A command for literal bytes.</summary>
    public static DeltaCommand Literal(long length) => new(-1, length);
}
