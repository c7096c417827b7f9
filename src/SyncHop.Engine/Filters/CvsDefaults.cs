namespace SyncHop.Engine.Filters;

/// <summary>What <c>-C</c> excludes everywhere (rsync(1), <c>--cvs-exclude</c>).</summary>
/// <param name="homeFile">The text of <c>~/.cvsignore</c>; null for none.</param>
/// <param name="environment">The value of <c>CVSIGNORE</c>; null for none.</param>
internal sealed class CvsDefaults(byte[]? homeFile, byte[]? environment)
{
    private static ReadOnlySpan<byte> BuiltIn =>
        "RCS SCCS CVS CVS.adm RCSLOG cvslog.* tags TAGS .make.state .nse_depinfo *~ #* .#* ,* _$* *$ *.old *.bak *.BAK *.orig "u8 +
        "*.rej .del-* *.a *.olb *.o *.obj *.so *.exe *.Z *.elc *.ln core .svn/ .git/ .hg/ .bzr/"u8;

    /// <summary>The rules; those known to everybody are perishable.</summary>
    /// <param name="defaults">What they have from the rule <c>-C</c>.</param>
    /// <param name="origin">Where that stands.</param>
    public IReadOnlyList<FilterEntry> Read(FilterDefaults defaults, RuleOrigin origin)
    {
        RuleList list = new();
        Add(list, BuiltIn.ToArray(), defaults with { IsPerishable = true }, origin);
        Add(list, homeFile, defaults, new RuleOrigin("~/.cvsignore"));
        Add(list, environment, defaults, origin);
        return list.Entries;
    }

    private static void Add(RuleList list, byte[]? text, FilterDefaults defaults, RuleOrigin origin)
    {
        if (text is null) return;
        origin = origin with { Directory = null };
        foreach ((ReadOnlyMemory<byte> word, _) in RuleText.Split(text, defaults)) RuleReader.ReadPattern(list, word.Span, defaults, origin);
    }
}
