namespace SyncHop.Engine.Filters;

/// <summary>Rules being read, first to last.</summary>
internal sealed class RuleList
{
    /// <summary>The rules since the beginning or since the list was last cleared.</summary>
    public List<FilterEntry> Entries { get; } = [];

    /// <summary>Those for names of extended attributes (the modifier <c>x</c>).</summary>
    public List<FilterRule> ForAttributes { get; } = [];

    /// <summary>Whether the list was cleared: then nothing inherited is left either.</summary>
    public bool IsCleared { get; private set; }

    /// <summary>Whether a rule asks for per-directory files of a name.</summary>
    public bool LooksFor(ReadOnlySpan<byte> fileName)
    {
        foreach (FilterEntry entry in Entries)
        {
            if (entry is DirectoryMerge merge && fileName.SequenceEqual(merge.FileName)) return true;
        }
        return false;
    }

    /// <summary>Forgets all rules so far.</summary>
    public void Clear()
    {
        Entries.Clear();
        ForAttributes.Clear();
        IsCleared = true;
    }
}
