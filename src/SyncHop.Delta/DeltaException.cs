namespace SyncHop.Delta;

/// <summary>
/// The one exception that signature, delta and patch throw for bad input. Its message is one line that can be shown to a user.
/// Faults of the streams themselves (<see cref="IOException"/>) pass through as they are.
/// </summary>
public sealed class DeltaException : Exception
{
    /// <summary>Makes an exception with its kind and its one-line message.</summary>
    public DeltaException(DeltaError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>What kind of thing went wrong.</summary>
    public DeltaError Error { get; }

    internal static DeltaException Malformed(string message) => new(DeltaError.Malformed, message);

    internal static DeltaException Unsupported(string message) => new(DeltaError.Unsupported, message);
}
