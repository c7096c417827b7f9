namespace SyncHop.Engine.Reporting;

/// <summary>rsync's words for what failed: <c>mkdir "x" failed: why</c>, but <c>failed to set times on "x": why</c>.</summary>
internal static class ErrorWords
{
    /// <summary>What stands before the name.</summary>
    /// <param name="operation">The call that failed, or what it was part of.</param>
    public static string Phrase(string operation) => operation switch
    {
        "utimensat" or "futimens" or "set times" => "failed to set times on",
        "chmod" => "failed to set permissions on",
        "write" or "ftruncate" or "fsync" or "close" => operation + " failed on",
        _ => operation,
    };

    /// <summary>A directory's name where its attributes could not be set: the transfer's root is <c>x/.</c>, as rsync has it.</summary>
    /// <param name="full">Its full path.</param>
    /// <param name="isRoot">Whether it is the root.</param>
    public static byte[] Directory(byte[] full, bool isRoot) => !isRoot ? full : full is [.., (byte)'/'] ? [.. full, (byte)'.'] : [.. full, .. "/."u8];

    /// <summary>What stands between the quoted name and the reason: it is said once that something failed.</summary>
    /// <param name="phrase">What stands before the name.</param>
    public static string Between(string phrase) =>
        phrase.Contains("failed", StringComparison.Ordinal) || phrase.Contains("cannot", StringComparison.Ordinal) ? ": " : " failed: ";
}
