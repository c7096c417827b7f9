namespace SyncHop.Engine;

/// <summary>How bad something is that a run says on standard error.</summary>
public enum Severity
{
    /// <summary>Something to know; everything was done as asked.</summary>
    Note,
    /// <summary>Something was not as expected.</summary>
    Warning,
    /// <summary>Something was not done.</summary>
    Error,
}

/// <summary>A line on standard error, taken apart for programs.</summary>
/// <param name="Severity">How bad it is.</param>
public readonly record struct Problem(Severity Severity)
{
    /// <summary>The raw path of what it is about; null for nothing in particular.</summary>
    public byte[]? Path { get; init; }

    /// <summary>What failed, as <c>opendir</c>; null where that is not said.</summary>
    public string? Operation { get; init; }

    /// <summary>Why, as <c>Permission denied (13)</c>; null where that is not said.</summary>
    public string? Reason { get; init; }
}
