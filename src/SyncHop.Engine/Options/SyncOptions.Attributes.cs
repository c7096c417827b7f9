namespace SyncHop.Engine;

// Which attributes are preserved, and how.
public sealed partial record SyncOptions
{
    /// <summary><c>--perms, -p</c>.</summary>
    public bool Perms { get; init; }

    /// <summary><c>--times, -t</c>.</summary>
    public bool Times { get; init; }

    /// <summary><c>--group, -g</c>.</summary>
    public bool Group { get; init; }

    /// <summary><c>--owner, -o</c>.</summary>
    public bool Owner { get; init; }

    /// <summary><c>--numeric-ids</c>: owners are not mapped by name.</summary>
    public bool NumericIds { get; init; }
}
