namespace SyncHop.Ssh.Configuration;

/// <summary>How a list of algorithms changes the default one: the character it begins with.</summary>
internal enum AlgorithmChange
{
    /// <summary>It replaces the defaults.</summary>
    Replace,

    /// <summary><c>+</c>: it follows the defaults.</summary>
    Append,

    /// <summary><c>-</c>: it is taken from the defaults; names may have wildcards.</summary>
    Remove,

    /// <summary><c>^</c>: it stands before the defaults.</summary>
    Prepend,
}

/// <summary>
/// The value of Ciphers, MACs, KexAlgorithms, HostKeyAlgorithms or PubkeyAcceptedAlgorithms (ssh_config(5)).
/// </summary>
/// <param name="Change">What it does to the defaults.</param>
/// <param name="Names">The names, at least one.</param>
internal sealed record AlgorithmList(AlgorithmChange Change, IReadOnlyList<string> Names)
{
    /// <summary>Reads a list.</summary>
    /// <param name="text">The value.</param>
    /// <param name="known">The names it may have; one that takes names away may have any.</param>
    /// <exception cref="FormatException">A name is empty or, as in ssh, unknown.</exception>
    public static AlgorithmList Parse(string text, AlgorithmNames known)
    {
        AlgorithmChange change = text switch
        {
            ['+', ..] => AlgorithmChange.Append,
            ['-', ..] => AlgorithmChange.Remove,
            ['^', ..] => AlgorithmChange.Prepend,
            _ => AlgorithmChange.Replace,
        };
        string[] names = (change == AlgorithmChange.Replace ? text : text[1..]).Split(',');
        if (Array.Exists(names, name => name.Length == 0 || (change != AlgorithmChange.Remove && !known.Has(name))))
            throw new FormatException($"{known.What} '{text}'");
        return new AlgorithmList(change, names);
    }

    /// <summary>The algorithms to offer, in order.</summary>
    /// <param name="defaults">What is offered without the directive.</param>
    /// <param name="supported">All that can be offered.</param>
    public IReadOnlyList<string> Apply(IReadOnlyList<string> defaults, IReadOnlyCollection<string> supported)
    {
        string[] named = [.. Names.SelectMany(name => supported.Where(each => HostPattern.Matches(name, each, ignoreCase: false))).Distinct()];
        return Change switch
        {
            AlgorithmChange.Append => [.. defaults, .. named.Except(defaults)],
            AlgorithmChange.Prepend => [.. named, .. defaults.Except(named)],
            AlgorithmChange.Remove => [.. defaults.Where(name => !HostPattern.MatchesList(Names, name))],
            _ => [.. named],
        };
    }
}
