namespace SyncHop.Cli.Options;

/// <summary>The help text's headings, in its order.</summary>
internal enum OptionGroup
{
    /// <summary>What is printed.</summary>
    Output,

    /// <summary>Which entries are visited, and what kinds of them are copied.</summary>
    Selection,

    /// <summary>What is left out by name.</summary>
    Filters,

    /// <summary>Which attributes are kept.</summary>
    Attributes,

    /// <summary>What is transferred, and how.</summary>
    Transfer,

    /// <summary>What is removed from the destination.</summary>
    Deletion,

    /// <summary>How hosts are reached.</summary>
    Connection,

    /// <summary>Runs that nobody watches: locks and reports for programs.</summary>
    Unattended,

    /// <summary>Jobs: runs that a file describes.</summary>
    Jobs,

    /// <summary>Taken, with nothing to do.</summary>
    Unneeded,

    /// <summary>Not supported.</summary>
    Refused,

    /// <summary>Help and version.</summary>
    Information,
}

/// <summary>
/// One option: everything the parser, the help text, the documentation and the completions know about it. An option has a
/// long name, a short one, or both.
/// </summary>
/// <param name="Group">The heading it stands under.</param>
/// <param name="Long">The long name without its dashes; null for <c>-D</c>.</param>
/// <param name="Short">The short name; null for none.</param>
/// <param name="Help">One line.</param>
internal sealed record OptionDefinition(OptionGroup Group, string? Long, char? Short, string Help)
{
    /// <summary>What the value is called in the help text; null for an option that takes none.</summary>
    public string? ValueName { get; init; }

    /// <summary>Whether the value may be left out; then it is empty. It must be attached: <c>--name=VALUE</c>.</summary>
    public bool ValueIsOptional { get; init; }

    /// <summary>Whether the value is a whole number, as <see cref="NumberText"/> reads it.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Other long names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What the option does; the second argument is its value, empty where it takes none.</summary>
    public required Action<OptionState, string> Apply { get; init; }

    /// <summary>What <c>--no-OPTION</c> does; null where rsync has no such form.</summary>
    public Action<OptionState>? Negate { get; init; }

    /// <summary>Whether the negation has the short name's form too: <c>--no-r</c>.</summary>
    public bool NegatesShort { get; init; } = true;

    /// <summary>How far it is rsync's option of that name.</summary>
    public OptionSupport Support { get; init; } = OptionSupport.Same;

    /// <summary>Whether nothing after it matters: <c>--help</c> and <c>--version</c>.</summary>
    public bool EndsParsing { get; init; }

    /// <summary>Every way to give the option: <c>--long</c>, the aliases, <c>-s</c>.</summary>
    public IEnumerable<string> Names
    {
        get
        {
            if (Long is not null) yield return $"--{Long}";
            foreach (string alias in Aliases) yield return $"--{alias}";
            if (Short is not null) yield return $"-{Short}";
        }
    }

    /// <summary>Every way to negate it: <c>--no-long</c>, the aliases, <c>--no-s</c>; none where it cannot be.</summary>
    public IEnumerable<string> NegatedNames
    {
        get
        {
            if (Negate is null) yield break;
            if (Long is not null) yield return $"--no-{Long}";
            foreach (string alias in Aliases) yield return $"--no-{alias}";
            if (Short is not null && NegatesShort) yield return $"--no-{Short}";
        }
    }
}
