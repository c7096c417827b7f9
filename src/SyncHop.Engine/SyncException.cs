namespace SyncHop.Engine;

/// <summary>The run cannot go on.</summary>
/// <param name="code">The exit code it ends with.</param>
/// <param name="message">Why, in one line.</param>
/// <param name="path">The path the message is about, as raw bytes; shown after the message.</param>
/// <param name="reason">What follows the path.</param>
public sealed class SyncException(ExitCode code, string message, byte[]? path = null, string reason = "") : Exception(message)
{
    /// <summary>The exit code.</summary>
    public ExitCode Code { get; } = code;

    /// <summary>The path the message is about.</summary>
    public byte[]? Path { get; } = path;

    /// <summary>Whether the path has quotes around it.</summary>
    public bool IsQuoted { get; init; } = true;

    /// <summary>What follows the path.</summary>
    public string Reason { get; } = reason;
}
