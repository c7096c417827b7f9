using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Scanning;

/// <summary>Where an entry really is: a path below one source argument's root.</summary>
/// <param name="Replica">The source argument's tree.</param>
/// <param name="Path">The path in it.</param>
/// <param name="Filter">The filter rules in force: for a directory that is still to be listed those above it, then its own; null for none.</param>
/// <param name="Selection">What of a directory takes part; null when that is what a listing of it has.</param>
internal readonly record struct Origin(IReplica Replica, RelativePath Path, DirectoryFilter? Filter = null, Selection? Selection = null)
{
    /// <summary>An entry in this directory.</summary>
    public Origin Join(ReadOnlySpan<byte> name) => new(Replica, Path.Join(name), Filter);

    /// <summary>What of a directory in this one takes part.</summary>
    public IEnumerable<Origin> Below(ReadOnlySpan<byte> name) => Selection is null ? [Join(name)] : Selection.Below(name, Filter);
}
