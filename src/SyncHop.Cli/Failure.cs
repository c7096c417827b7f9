using SyncHop.Engine;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Cli;

/// <summary>What an exception that ends a run means to the user.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Message">One line without the program's name; null where the code says it all.</param>
internal readonly record struct Failure(ExitCode Code, string? Message)
{
    /// <summary>The meaning of an exception.</summary>
    /// <param name="exception">What ended the run.</param>
    /// <param name="cancellation">Whether the run was told to end.</param>
    public static Failure Of(Exception exception, CancellationToken cancellation) => exception switch
    {
        // What fails because everything is being torn down is not worth a line.
        _ when cancellation.IsCancellationRequested => new(ExitCode.Signal, null),
        CommandException e => new(e.Code, e.Message),
        FilterException e => new(e.Code, e.Message),
        ReplicaLostException e => new(e.TimedOut ? ExitCode.Timeout : ExitCode.StreamIo, e.Message),
        IOException or UnauthorizedAccessException => new(ExitCode.FileIo, exception.Message),
        _ => new(ExitCode.FileIo, $"internal error: {exception.GetType().Name}: {exception.Message}"),
    };
}
