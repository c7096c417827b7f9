using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>Sets extended attributes and access control lists: only what differs from what is there.</summary>
internal static class ExtendedWriter
{
    /// <summary>Gives an entry what it is to have.</summary>
    /// <param name="place">The entry.</param>
    /// <param name="change">What it is to have.</param>
    /// <param name="mode">Its mode, where the access control list is adapted to that (<see cref="ExtendedChange.AdaptsFrom"/>).</param>
    /// <returns>null, or the first failure, those that a permission was missing for before others; what came after was still tried.</returns>
    public static ReplicaException? Set(in ExtendedPlace place, ExtendedChange change, uint mode)
    {
        ReplicaException? failure = change.Attributes is { } attributes ? SetAttributes(place, attributes, change.Selection) : null;
        // All are set whatever failed before: without its list an entry's group would have what its mask permits.
        if (change.SetsAccess)
            Note(ref failure, SetList(place, ExtendedReader.AccessName, change.AdaptsFrom is uint from ? change.Access?.Adapt(from, mode) : change.Access));
        if (change.SetsDefault)
            Note(ref failure, SetList(place, ExtendedReader.DefaultName, change.Default));
        return failure;
    }

    /// <summary>A missing permission, for which there may be help, is not hidden by what nothing helps against.</summary>
    private static void Note(ref ReplicaException? first, ReplicaException? failure)
    {
        if (first is null || (failure?.Error == ReplicaError.PermissionDenied && first.Error != ReplicaError.PermissionDenied)) first = failure ?? first;
    }

    private static ReplicaException? SetAttributes(in ExtendedPlace place, IReadOnlyList<ExtendedAttribute> wanted, ExtendedSelection selection)
    {
        ReplicaException? first = null;
        List<byte[]> there = [];
        try
        {
            there = ExtendedReader.NamesOf(place);
        }
        catch (ReplicaException failure)
        {
            first = failure;
        }
        foreach (byte[] name in there)
        {
            if (selection.TakesAttribute?.Invoke(name[..^1]) != true) continue;
            if (wanted.Any(attribute => attribute.Name.AsSpan().SequenceEqual(name.AsSpan(0, name.Length - 1)))) continue;
            int error = place.Remove(name);
            if (error is not (Errno.None or Errno.ENODATA)) Note(ref first, Errno.Failure(error, "rsync_xal_set: lremovexattr"));
        }
        foreach (ExtendedAttribute attribute in wanted)
        {
            Note(ref first, SetAttribute(place, attribute));
        }
        return first;
    }

    private static ReplicaException? SetAttribute(in ExtendedPlace place, ExtendedAttribute attribute)
    {
        byte[] name = [.. attribute.Name, 0];
        byte[] value;
        try
        {
            value = attribute.Whole is { } read ? read() : attribute.Value;
        }
        catch (ReplicaException failure)
        {
            return failure;
        }
        // Some, as those that a security module keeps, may be right already and not be set by everybody.
        if (place.Get(name, out byte[] old) == Errno.None && old.AsSpan().SequenceEqual(value)) return null;
        int error = place.Set(name, value);
        return error == Errno.None ? null : Errno.Failure(error, "rsync_xal_set: lsetxattr");
    }

    private static ReplicaException? SetList(in ExtendedPlace place, ReadOnlySpan<byte> name, AccessControlList? list)
    {
        int error = list is null ? place.Remove(name) : place.Set(name, list.ToBytes());
        // What cannot have one has none.
        if (list is null && error is Errno.ENODATA or Errno.EOPNOTSUPP) return null;
        return error == Errno.None ? null : Errno.Failure(error, "set_acl: sys_acl_set_file");
    }
}
