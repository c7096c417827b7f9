using SyncHop.Delta;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Signatures;

/// <summary>What a signature store holds of one file: which file in which state, and the signature of its content then.</summary>
/// <param name="Path">The file's absolute path on its host, symlinks in its directory resolved.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Mtime">Its modification time as that host tells it: whole seconds since 1970 UTC.</param>
/// <param name="SignedAt">
/// When it was signed, by the clock that its file system stamps files with and no later than the moment from which on somebody else
/// could change it: whole seconds since 1970 UTC.
/// </param>
/// <param name="Signature">The signature; its hash is XXH128 of the whole file.</param>
internal sealed record SignatureEntry(byte[] Path, long Size, long Mtime, long SignedAt, FileSignature Signature)
{
    /// <summary>How much older than its signing a file must be: a change in the same second would leave its time as it is.</summary>
    private const int RacySeconds = 2;

    /// <summary>
    /// Whether a later change must show in the modification time. Otherwise the file is "racily clean", as git calls it, and the
    /// signature says nothing.
    /// </summary>
    public bool IsTrustworthy => Mtime < SignedAt - RacySeconds;

    /// <summary>Whether it describes the file that is there now: exactly its size and time.</summary>
    public bool Describes(in FileStat now) => now.IsRegular && now.Size == Size && now.MtimeSeconds == Mtime && IsTrustworthy;
}
