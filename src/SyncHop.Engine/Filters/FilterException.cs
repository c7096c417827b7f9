namespace SyncHop.Engine.Filters;

/// <summary>Filter rules that cannot be used.</summary>
/// <param name="code"><see cref="ExitCode.Usage"/> for a rule that is not valid, <see cref="ExitCode.FileIo"/> for a file that cannot be read.</param>
/// <param name="message">One line.</param>
public sealed class FilterException(ExitCode code, string message) : Exception(message)
{
    /// <summary>The exit code.</summary>
    public ExitCode Code { get; } = code;

    /// <summary>Whether the program's name stands before the message: rsync has none where the rules themselves are at fault.</summary>
    public bool IsNamed { get; init; } = code != ExitCode.Usage;
}
