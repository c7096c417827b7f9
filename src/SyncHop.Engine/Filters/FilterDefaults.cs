namespace SyncHop.Engine.Filters;

/// <summary>How the rules of an option or a file are written.</summary>
internal enum FilterSyntax
{
    /// <summary>Rules with their prefixes and modifiers (<c>--filter</c>).</summary>
    Rules,
    /// <summary>Patterns, except that <c>"- "</c>, <c>"+ "</c> and a lone <c>!</c> have a meaning (<c>--exclude</c> and the like).</summary>
    OldPrefixes,
    /// <summary>Patterns only (merge files with <c>-</c> or <c>+</c>).</summary>
    Patterns,
    /// <summary>Patterns, except for a lone <c>!</c> (<c>.cvsignore</c>).</summary>
    CvsPatterns,
}

/// <summary>What rules have from the option or file that they stand in.</summary>
internal sealed record FilterDefaults
{
    /// <summary>How they are written.</summary>
    public FilterSyntax Syntax { get; init; }

    /// <summary>Whether rules without a prefix include.</summary>
    public bool Includes { get; init; }

    /// <summary>Whether they match full paths (<c>/</c>).</summary>
    public bool MatchesFullPath { get; init; }

    /// <summary>Whether they are perishable (<c>p</c>).</summary>
    public bool IsPerishable { get; init; }

    /// <summary>Whether they are about extended attributes (<c>x</c>).</summary>
    public bool IsForXattrs { get; init; }

    /// <summary>The sides they work on; none when each says so itself.</summary>
    public FilterSides Sides { get; init; }

    /// <summary>Whether white space ends a rule, not only the end of a line (<c>w</c>).</summary>
    public bool SplitsWords { get; init; }

    /// <summary>Whether a NUL ends a rule, not the end of a line (<c>--from0</c>).</summary>
    public bool EndsAtNul { get; init; }
}
