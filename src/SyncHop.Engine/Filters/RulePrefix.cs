using System.Buffers;

namespace SyncHop.Engine.Filters;

/// <summary>The kinds of rule.</summary>
internal enum RuleKind
{
    /// <summary><c>-</c>, <c>+</c> and those for one side.</summary>
    Pattern,
    /// <summary><c>.</c>: the rules of a file.</summary>
    Merge,
    /// <summary><c>:</c>: the rules of per-directory files.</summary>
    DirectoryMerge,
    /// <summary><c>!</c>: forget the rules so far.</summary>
    Clear,
}

/// <summary>What stands before a rule's pattern or file name: the rule's name and its modifiers (rsync(1), FILTER RULES IN DEPTH).</summary>
internal ref struct RulePrefix
{
    private const string PatternModifiers = "/!Crspx";
    private const string SideModifiers = "/!px";
    private const string MergeModifiers = "-+Cenw/rspx";

    private static readonly SearchValues<byte> s_endOfName = SearchValues.Create(" \t\n\v\f\r_,"u8);

    public RuleKind Kind { get; private set; }

    public bool Includes { get; private set; }

    public bool IsNegated { get; private set; }

    public bool MatchesFullPath { get; private set; }

    public bool IsPerishable { get; private set; }

    public bool IsForXattrs { get; private set; }

    /// <summary><c>C</c>: rules in the manner of CVS.</summary>
    public bool IsCvs { get; private set; }

    /// <summary><c>e</c>: the merge file itself is excluded.</summary>
    public bool ExcludesFile { get; private set; }

    /// <summary><c>n</c>.</summary>
    public bool IsNotInherited { get; private set; }

    /// <summary><c>w</c>.</summary>
    public bool SplitsWords { get; private set; }

    /// <summary><c>-</c> or <c>+</c> on a merge rule: the file has patterns only.</summary>
    public bool HasPatternsOnly { get; private set; }

    public FilterSides Sides { get; private set; }

    /// <summary>What follows: the pattern or the file name.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; }

    /// <summary>Reads the prefix of a rule.</summary>
    /// <exception cref="FilterException">It is not valid.</exception>
    public static RulePrefix Parse(ReadOnlySpan<byte> rule, RuleOrigin origin)
    {
        (char letter, int position) = NameOf(rule);
        if (position < rule.Length && rule[position] == ',') position++;
        RulePrefix prefix = new();
        string modifiers;
        switch (letter)
        {
            case '!':
                prefix.Kind = RuleKind.Clear;
                prefix.Rest = rule[Math.Min(position, rule.Length)..];
                return prefix;
            case '-' or '+':
                prefix.Includes = letter == '+';
                modifiers = PatternModifiers;
                break;
            case 'H' or 'S':
                prefix.Includes = letter == 'S';
                prefix.Sides = FilterSides.Sender;
                modifiers = SideModifiers;
                break;
            case 'P' or 'R':
                prefix.Includes = letter == 'R';
                prefix.Sides = FilterSides.Receiver;
                modifiers = SideModifiers;
                break;
            case '.' or ':':
                prefix.Kind = letter == '.' ? RuleKind.Merge : RuleKind.DirectoryMerge;
                modifiers = MergeModifiers;
                break;
            default:
                throw new FilterException(ExitCode.Usage, $"Unknown filter rule: {origin.Describe(rule)}");
        }
        for (; position < rule.Length && rule[position] is not ((byte)' ' or (byte)'_'); position++)
        {
            if (!modifiers.Contains((char)rule[position]) || !prefix.Take((char)rule[position])) throw InvalidModifier(rule, position, origin);
        }
        prefix.Rest = rule[Math.Min(position + 1, rule.Length)..];
        return prefix;
    }

    /// <summary>The rule's letter, also where its name is written in full, and where its modifiers begin.</summary>
    private static (char Letter, int Position) NameOf(ReadOnlySpan<byte> rule)
    {
        int end = rule.IndexOfAny(s_endOfName);
        ReadOnlySpan<byte> name = end < 0 ? rule : rule[..end];
        char letter = name.Length == 0 ? '\0'
            : name.SequenceEqual("clear"u8) ? '!'
            : name.SequenceEqual("dir-merge"u8) ? ':'
            : name.SequenceEqual("exclude"u8) ? '-'
            : name.SequenceEqual("hide"u8) ? 'H'
            : name.SequenceEqual("include"u8) ? '+'
            : name.SequenceEqual("merge"u8) ? '.'
            : name.SequenceEqual("protect"u8) ? 'P'
            : name.SequenceEqual("risk"u8) ? 'R'
            : name.SequenceEqual("show"u8) ? 'S'
            : '\0';
        return letter != '\0' ? (letter, name.Length) : (rule.IsEmpty ? '\0' : (char)rule[0], 1);
    }

    private bool Take(char modifier)
    {
        switch (modifier)
        {
            case '-' or '+':
                if (HasPatternsOnly || IsCvs) return false;
                HasPatternsOnly = true;
                Includes = modifier == '+';
                break;
            case '/':
                MatchesFullPath = true;
                break;
            case '!':
                IsNegated = true;
                break;
            case 'C':
                if (HasPatternsOnly || IsCvs) return false;
                IsCvs = SplitsWords = IsNotInherited = true;
                break;
            case 'e':
                ExcludesFile = true;
                break;
            case 'n':
                IsNotInherited = true;
                break;
            case 'p':
                IsPerishable = true;
                break;
            case 'r':
                Sides |= FilterSides.Receiver;
                break;
            case 's':
                Sides |= FilterSides.Sender;
                break;
            case 'w':
                SplitsWords = true;
                break;
            case 'x':
                IsForXattrs = true;
                break;
        }
        return true;
    }

    private static FilterException InvalidModifier(ReadOnlySpan<byte> rule, int position, RuleOrigin origin) => new(
        ExitCode.Usage,
        origin.File is null
            ? $"invalid modifier '{(char)rule[position]}' at position {position} in filter rule: {origin.Describe(rule)}"
            : $"invalid modifier in filter rule: {origin.Describe(rule)}");
}
