using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Comparing;

/// <summary>What rsync's quick check says of a regular file that is on both sides.</summary>
internal enum QuickCheckResult
{
    /// <summary>The content counts as equal.</summary>
    Same,
    /// <summary>The content is to be transferred.</summary>
    Different,
    /// <summary>The contents must be compared (<c>--checksum</c>).</summary>
    CompareContents,
}

/// <summary>rsync's quick check: size and modification time, unless an option says otherwise.</summary>
internal static class QuickCheck
{
    /// <summary>Compares two regular files by what is known without reading them.</summary>
    public static QuickCheckResult Check(SyncOptions options, in FileStat source, in FileStat there)
    {
        if (source.Size != there.Size) return QuickCheckResult.Different;
        if (options.Checksum) return QuickCheckResult.CompareContents;
        if (options.SizeOnly) return QuickCheckResult.Same;
        if (options.IgnoreTimes) return QuickCheckResult.Different;
        return AttributeComparison.SameTime(options, source, there) ? QuickCheckResult.Same : QuickCheckResult.Different;
    }
}
