using System.Buffers.Binary;

namespace SyncHop.Engine.Contract;

/// <summary>
/// A POSIX access control list (acl(5)) as Linux keeps it in the extended attributes <c>system.posix_acl_access</c> and
/// <c>system.posix_acl_default</c>: a version and entries of tag, permissions and id (linux/posix_acl_xattr.h).
/// </summary>
public sealed class AccessControlList
{
    private const int HeaderLength = 4, EntryLength = 8;
    private const uint Version = 2;
    private const uint NoId = uint.MaxValue;
    private const ushort PermissionMask = 7;

    private readonly Entry[] _entries;

    private AccessControlList(Entry[] entries) => _entries = entries;

    /// <summary>For whom an entry is; the values are Linux's and in the order that it wants.</summary>
    public enum Tag : ushort
    {
        /// <summary>The owner.</summary>
        Owner = 0x01,
        /// <summary>A named user.</summary>
        User = 0x02,
        /// <summary>The owning group.</summary>
        OwningGroup = 0x04,
        /// <summary>A named group.</summary>
        Group = 0x08,
        /// <summary>What named ones and the owning group have at most.</summary>
        Mask = 0x10,
        /// <summary>Everybody else.</summary>
        Other = 0x20,
    }

    /// <summary>An entry.</summary>
    /// <param name="For">For whom it is.</param>
    /// <param name="Permissions">Three bits: read 4, write 2, execute 1.</param>
    /// <param name="Id">The user's or group's number where one is named.</param>
    public readonly record struct Entry(Tag For, ushort Permissions, uint Id);

    /// <summary>The entries, in Linux's order, those of named users and of named groups by number.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Reads an attribute's value.</summary>
    /// <returns>null when it is no list of a known form.</returns>
    public static AccessControlList? Parse(ReadOnlySpan<byte> value)
    {
        if (value.Length < HeaderLength || (value.Length - HeaderLength) % EntryLength != 0) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(value) != Version) return null;
        List<Entry> entries = new((value.Length - HeaderLength) / EntryLength);
        for (ReadOnlySpan<byte> rest = value[HeaderLength..]; !rest.IsEmpty; rest = rest[EntryLength..])
        {
            Tag tag = (Tag)BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (!Enum.IsDefined(tag)) return null;
            ushort permissions = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) & PermissionMask);
            bool hasId = tag is Tag.User or Tag.Group;
            entries.Add(new Entry(tag, permissions, hasId ? BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]) : NoId));
        }
        return Sorted(entries);
    }

    /// <summary>Whether it says what a mode's nine bits say, and no more.</summary>
    public bool IsMinimal => !Array.Exists(_entries, entry => entry.For is Tag.User or Tag.Group or Tag.Mask);

    /// <summary>The same with other users and groups.</summary>
    public AccessControlList Map(Func<uint, uint> user, Func<uint, uint> group) => Sorted(_entries.Select(entry => entry.For switch
    {
        Tag.User => entry with { Id = user(entry.Id) },
        Tag.Group => entry with { Id = group(entry.Id) },
        _ => entry,
    }));

    /// <summary>The same with a mode's bits for the owner, for others, and for the mask, or the owning group where there is none (acl(5)).</summary>
    public AccessControlList WithMode(uint mode)
    {
        Tag middle = IsMinimal ? Tag.OwningGroup : Tag.Mask;
        return new AccessControlList(Array.ConvertAll(_entries, entry =>
            entry.For == Tag.Owner ? entry with { Permissions = (ushort)((mode >> 6) & PermissionMask) }
            : entry.For == middle ? entry with { Permissions = GroupBits(mode) }
            : entry.For == Tag.Other ? entry with { Permissions = (ushort)(mode & PermissionMask) }
            : entry));
    }

    /// <summary>
    /// The same for an entry with another mode: with that one's bits as by <see cref="WithMode"/>, and for the owning group too where it had
    /// what the mode gave it.
    /// </summary>
    /// <param name="from">The mode of the entry that has it.</param>
    /// <param name="to">The mode of the one that is to have it.</param>
    public AccessControlList Adapt(uint from, uint to) => new AccessControlList(Array.ConvertAll(_entries, entry =>
        entry.For == Tag.OwningGroup && entry.Permissions == GroupBits(from) ? entry with { Permissions = GroupBits(to) } : entry)).WithMode(to);

    private static ushort GroupBits(uint mode) => (ushort)((mode >> 3) & PermissionMask);

    /// <summary>The attribute's value.</summary>
    public byte[] ToBytes()
    {
        byte[] value = new byte[HeaderLength + (_entries.Length * EntryLength)];
        BinaryPrimitives.WriteUInt32LittleEndian(value, Version);
        Span<byte> rest = value.AsSpan(HeaderLength);
        foreach (Entry entry in _entries)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)entry.For);
            BinaryPrimitives.WriteUInt16LittleEndian(rest[2..], entry.Permissions);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], entry.Id);
            rest = rest[EntryLength..];
        }
        return value;
    }

    /// <summary>Whether two lists, either of which may be missing, say the same.</summary>
    public static bool AreEqual(AccessControlList? one, AccessControlList? other) =>
        ReferenceEquals(one, other) || (one is not null && other is not null && one._entries.AsSpan().SequenceEqual(other._entries));

    /// <summary>
    /// Whether two access lists, either of which may be missing, say the same of those that a mode does not speak of: owner,
    /// others and mask are the mode's and compared with it.
    /// </summary>
    public static bool AreEqualBesidesMode(AccessControlList? one, AccessControlList? other) =>
        AreEqual(one is { IsMinimal: true } ? null : one?.WithMode(0), other is { IsMinimal: true } ? null : other?.WithMode(0));

    private static AccessControlList Sorted(IEnumerable<Entry> entries) => new([.. entries.OrderBy(entry => entry.For).ThenBy(entry => entry.Id)]);
}
