using System.Security.Cryptography;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>Reads extended attributes and access control lists.</summary>
internal static class ExtendedReader
{
    /// <summary>Longer values are kept as a digest: a list of many entries must not hold 64 KiB for each.</summary>
    private const int LongestKept = 256;

    private const byte Nul = 0;

    /// <summary>The attribute that holds the access control list, with its NUL.</summary>
    public static ReadOnlySpan<byte> AccessName => "system.posix_acl_access\0"u8;

    /// <summary>The attribute that holds a directory's list for what is made in it, with its NUL.</summary>
    public static ReadOnlySpan<byte> DefaultName => "system.posix_acl_default\0"u8;

    /// <summary>The names that are there, each with its NUL; none where the file system has no such thing.</summary>
    /// <exception cref="ReplicaException">They cannot be listed.</exception>
    public static List<byte[]> NamesOf(in ExtendedPlace place)
    {
        int error = place.List(out byte[] list);
        if (error is not (Errno.None or Errno.EOPNOTSUPP or Errno.ENOSYS)) throw Errno.Failure(error, "get_xattr_names: llistxattr");
        List<byte[]> names = [];
        for (ReadOnlySpan<byte> rest = error == Errno.None ? list : []; rest.IndexOf(Nul) is >= 0 and int end; rest = rest[(end + 1)..])
            names.Add(rest[..(end + 1)].ToArray());
        return names;
    }

    /// <summary>What an entry has.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="follows">Whether it may be a symlink that is taken for the file it leads to: its list is then that file's, its attributes stay its own, as in rsync.</param>
    /// <param name="selection">Which are asked for.</param>
    /// <param name="readWhole">Reads a long value again, given its name with the NUL.</param>
    /// <returns>null when it has none of those.</returns>
    /// <exception cref="ReplicaException">They cannot be read.</exception>
    public static ExtendedAttributes? Read(in ExtendedPlace place, bool follows, ExtendedSelection selection, Func<byte[], byte[]> readWhole)
    {
        List<byte[]> names = NamesOf(place);
        bool followsList = follows && selection.Lists;
        if (names.Count == 0 && !followsList) return null;
        List<ExtendedAttribute> attributes = [];
        AccessControlList? access = null, inherited = null;
        foreach (byte[] name in names)
        {
            if (selection.Lists && name.AsSpan().SequenceEqual(AccessName)) access = ReadList(place, name);
            else if (selection.Lists && name.AsSpan().SequenceEqual(DefaultName)) inherited = ReadList(place, name);
            byte[] plain = name[..^1];
            if (selection.TakesAttribute?.Invoke(plain) != true) continue;
            if (ReadValue(place, name) is not { } value) continue;
            attributes.Add(value.Length <= LongestKept
                ? new ExtendedAttribute(plain, value)
                : new ExtendedAttribute(plain, SHA256.HashData(value), () => readWhole(name)));
        }
        if (followsList && access is null) access = ReadList(place.Followed(), AccessName.ToArray());
        attributes.Sort((a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        ExtendedAttributes found = new(attributes, access is { IsMinimal: true } ? null : access, inherited);
        return found.IsEmpty ? null : found;
    }

    /// <returns>null when it is gone by now.</returns>
    private static byte[]? ReadValue(in ExtendedPlace place, byte[] name)
    {
        int error = place.Get(name, out byte[] value);
        return error switch
        {
            Errno.None => value,
            Errno.ENODATA or Errno.EOPNOTSUPP => null,
            _ => throw Errno.Failure(error, "get_xattr_data: lgetxattr"),
        };
    }

    private static AccessControlList? ReadList(in ExtendedPlace place, byte[] name) =>
        ReadValue(place, name) is { } value ? AccessControlList.Parse(value) : null;
}
