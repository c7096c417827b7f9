namespace SyncHop.Engine.Reporting;

/// <summary>What a transfer turned out to be, for <c>--out-format</c>.</summary>
/// <param name="Bytes">Bytes of content sent.</param>
/// <param name="Checksum">The content's checksum in hexadecimal; empty or null where it was not asked for or nothing was sent.</param>
/// <param name="IsSecondTry">Whether a first try gave a wrong file (<c>--append-verify</c>).</param>
internal readonly record struct TransferResult(long Bytes, string? Checksum, bool IsSecondTry = false);
