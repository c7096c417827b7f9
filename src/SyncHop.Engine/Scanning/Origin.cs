using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>Where an entry really is: a path below one source argument's root.</summary>
/// <param name="Replica">The source argument's tree.</param>
/// <param name="Path">The path in it.</param>
internal readonly record struct Origin(IReplica Replica, RelativePath Path)
{
    /// <summary>An entry in this directory.</summary>
    public Origin Join(ReadOnlySpan<byte> name) => new(Replica, Path.Join(name));
}
