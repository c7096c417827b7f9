namespace SyncHop.Engine;

// What is removed from the destination.
public sealed partial record SyncOptions
{
    /// <summary><c>--delete</c>: remove what the source does not have.</summary>
    public bool Delete { get; init; }
}
