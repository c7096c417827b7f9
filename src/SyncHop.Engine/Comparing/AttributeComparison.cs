using SyncHop.Engine.Contract;
using SyncHop.Engine.Identities;

namespace SyncHop.Engine.Comparing;

/// <summary>Compares one entry's attributes on both sides and says what to set; the rules of rsync(1)'s <c>-p -t -o -g -A -X</c>.</summary>
internal sealed class AttributeComparison(SyncOptions options, OwnerMap owners, ReplicaTraits destination, ExtendedSelection extended)
{
    private const uint SetIdBits = 0xC00; // 06000
    private const uint SetUidBit = 0x800; // 04000
    private const uint SpecialBits = 0xE00; // 07000
    private const uint GroupExecute = 0x8; // 0010
    private const uint Execute = 0x49; // 0111
    private const uint Read = 0x124; // 0444

    /// <summary>The owner and group that a receiving rsync shows of an entry: its own numbers, and no group that it may not set.</summary>
    public (uint? Owner, uint? Group) Received(in FileStat source) => (options.Owner ? owners.NumberFor(source) : null, owners.GroupFor(source));

    /// <summary>Whether an entry's modification time is kept at all.</summary>
    public bool KeepsTime(FileType type) => options.Times && type switch
    {
        FileType.Directory => !options.OmitDirTimes,
        FileType.Symlink => !options.OmitLinkTimes && destination.CanSetLinkAttributes,
        _ => true,
    };

    /// <summary>Whether the report shows another time as the source's (<c>t</c>) or the transfer's (<c>T</c>); <c>-J</c> does not matter to rsync there.</summary>
    public bool ShowsSourceTime(FileType type) => options.Times && (type != FileType.Symlink || destination.CanSetLinkAttributes);

    /// <summary>Whether both have the same modification time: whole seconds count, unless <c>--modify-window</c> says otherwise.</summary>
    public static bool SameTime(SyncOptions options, in FileStat a, in FileStat b) => SameTime(options, TimeOf(a), TimeOf(b));

    private static bool SameTime(SyncOptions options, Timestamp a, Timestamp b) =>
        options.ModifyWindow < 0 ? a == b : Int128.Abs((Int128)a.Seconds - b.Seconds) <= options.ModifyWindow;

    private bool KeepsAccessTime(FileType type) => options.Atimes > 0 && type switch
    {
        FileType.Directory => false, // as in rsync: looking into it changes it
        FileType.Symlink => !options.OmitLinkTimes && destination.CanSetLinkAttributes,
        _ => true,
    };

    private static Timestamp AccessTimeOf(in FileStat stat) => new(stat.AtimeSeconds, stat.AtimeNanoseconds);

    /// <summary>Whether <c>--update</c> keeps what is there, as it is newer, or as good as of the same time within the window.</summary>
    public static bool IsNewer(SyncOptions options, in FileStat there, in FileStat source) =>
        (Int128)source.MtimeSeconds - there.MtimeSeconds < options.ModifyWindow;

    /// <summary>
    /// Whether a file with equal content is given the source's time although the difference does not count: where contents are
    /// compared (<c>-c</c>), rsync sets it to the nanosecond, or, to another host, to the second.
    /// </summary>
    public bool RefinesTime(in FileStat source, in FileStat there) =>
        options.Checksum && source.IsRegular && KeepsTime(FileType.Regular)
        && (source.MtimeSeconds != there.MtimeSeconds || (destination.IsLocal && source.MtimeNanoseconds != there.MtimeNanoseconds));

    /// <summary>What differs.</summary>
    /// <param name="source">The source's entry.</param>
    /// <param name="there">What the destination has, of the same type.</param>
    /// <param name="replaced">Whether the entry is transferred or made anew, so that a time not kept changes.</param>
    public ItemFlags Differences(in FileStat source, in FileStat there, bool replaced)
    {
        FileType type = source.Type;
        ItemFlags flags = ItemFlags.None;
        if (type == FileType.Regular && source.Size != there.Size) flags |= ItemFlags.Size;
        bool keepsTime = KeepsTime(type);
        if (keepsTime ? !SameTime(options, source, there) : replaced) flags |= ItemFlags.Time;
        if (KeepsAccessTime(type) && !SameTime(options, AccessTimeOf(source), AccessTimeOf(there))) flags |= ItemFlags.AccessTime;
        if (options.Perms && type != FileType.Symlink && source.Permissions != there.Permissions) flags |= ItemFlags.Perms;
        if (ExecutabilityOf(source, there) is uint executable && (executable & Execute) != 0 != ((there.Mode & Execute) != 0)) flags |= ItemFlags.Perms;
        if (owners.OwnerFor(source) is uint uid && uid != there.Uid && CanChangeOwner(type)) flags |= ItemFlags.Owner;
        if (owners.GroupFor(source) is uint gid && gid != there.Gid && CanChangeOwner(type)) flags |= ItemFlags.Group;
        return flags | ExtendedDifferences(source, there);
    }

    private ItemFlags ExtendedDifferences(in FileStat source, in FileStat there)
    {
        ItemFlags flags = ItemFlags.None;
        if (options.Acls && !source.IsSymlink && !HasSameLists(source, there)) flags |= ItemFlags.Acl;
        if (options.Xattrs > 0 && !ExtendedAttributes.HaveSameAttributes(source.Extended, there.Extended)) flags |= ItemFlags.Xattrs;
        return flags;
    }

    private bool HasSameLists(in FileStat source, in FileStat there)
    {
        uint mode = options.Perms ? source.Permissions : ExecutabilityOf(source, there) ?? there.Permissions;
        ExtendedAttributes? wanted = MappedLists(source);
        if (wanted?.Access is { } access) wanted = wanted with { Access = access.Adapt(source.Permissions, mode) };
        return ExtendedAttributes.HaveSameLists(wanted, there.Extended);
    }

    private ExtendedAttributes? MappedLists(in FileStat source) => source.Extended is not { } extended || (extended.Access ?? extended.Default) is null
        ? source.Extended
        : extended with { Access = extended.Access?.Map(owners.UserFor, owners.GroupFor), Default = extended.Default?.Map(owners.UserFor, owners.GroupFor) };

    /// <summary>What to set besides the stat's attributes.</summary>
    private ExtendedChange? ExtendedChangeOf(in FileStat source, uint? permissions, ItemFlags differences)
    {
        bool lists = options.Acls && (differences & ItemFlags.Acl) != 0 && !source.IsSymlink;
        bool attributes = options.Xattrs > 0 && ((differences & ItemFlags.Xattrs) != 0 || LosesCapabilities(source, differences));
        if (!lists && !attributes) return null;
        ExtendedAttributes? wanted = lists ? MappedLists(source) : source.Extended;
        return new ExtendedChange
        {
            Selection = extended,
            Attributes = attributes ? wanted?.Attributes ?? [] : null,
            SetsAccess = lists,
            Access = !lists ? null : permissions is uint mode ? wanted?.Access?.Adapt(source.Permissions, mode) : wanted?.Access,
            AdaptsFrom = permissions is null ? source.Permissions : null,
            SetsDefault = lists && source.IsDirectory,
            Default = lists ? wanted?.Default : null,
        };
    }

    /// <summary>Whether chown(2) takes capabilities from a file, which has to get them again (capabilities(7)).</summary>
    private bool LosesCapabilities(in FileStat source, ItemFlags differences) =>
        options.Xattrs > 0 && (differences & (ItemFlags.Owner | ItemFlags.Group)) != 0 && source.IsRegular
        && source.Extended is { } extended && extended.Attributes.Any(static attribute => attribute.Name.AsSpan().SequenceEqual("security.capability"u8));

    /// <summary>
    /// What rsync shows for an entry, not a directory, that stays when owner or access control list are changed, after which it looks at
    /// permissions and extended attributes again.
    /// </summary>
    public ItemFlags AfterChange(ItemFlags differences, in FileStat source, in FileStat there)
    {
        if (LosesCapabilities(source, differences)) differences |= ItemFlags.Xattrs;
        differences = AfterChangeOfOwner(differences, source, there);
        // An access control list says the nine bits as well.
        return (differences & ItemFlags.Acl) != 0 && (source.Permissions & SpecialBits) == (there.Permissions & SpecialBits) ? differences & ~ItemFlags.Perms : differences;
    }

    /// <summary>
    /// It looks at a setuid or setgid file again after chown(2), which cleared those bits, and so shows the permissions and not the owner.
    /// </summary>
    private ItemFlags AfterChangeOfOwner(ItemFlags differences, in FileStat source, in FileStat there)
    {
        if ((differences & (ItemFlags.Owner | ItemFlags.Group)) == 0 || (there.Mode & SetIdBits) == 0 || there.IsDirectory) return differences;
        ItemFlags shown = differences & ~(ItemFlags.Owner | ItemFlags.Group | ItemFlags.Perms);
        return options.Perms && source.Permissions != AfterChown(there.Permissions) ? shown | ItemFlags.Perms : shown;
    }

    /// <summary>chown(2) clears setuid, and setgid unless it means mandatory locking (inode(7)).</summary>
    private static uint AfterChown(uint permissions) =>
        permissions & ~((permissions & GroupExecute) != 0 ? SetIdBits : SetUidBit);

    /// <summary>What to set on an entry that stays.</summary>
    public AttributeChange ChangeOf(in FileStat source, in FileStat there, ItemFlags differences)
    {
        bool chown = (differences & (ItemFlags.Owner | ItemFlags.Group)) != 0;
        uint? permissions = (differences & ItemFlags.Perms) == 0 ? null : ExecutabilityOf(source, there) ?? source.Permissions;
        // chown(2) clears setuid and setgid: put them back.
        if (chown && permissions is null && (there.Mode & SetIdBits) != 0 && !there.IsSymlink) permissions = there.Permissions;
        Timestamp? mtime = ((differences & ItemFlags.Time) != 0 && KeepsTime(source.Type)) || RefinesTime(source, there) ? TimeOf(source) : null;
        Timestamp? atime = (differences & ItemFlags.AccessTime) != 0 ? AccessTimeOf(source) : null;
        if (!destination.IsLocal && KeepsAccessTime(source.Type) && (mtime ?? atime) is not null)
        {
            // SFTP sets both times together.
            mtime ??= TimeOf(there);
            atime ??= AccessTimeOf(there);
        }
        return new AttributeChange
        {
            Permissions = permissions,
            Extended = ExtendedChangeOf(source, permissions ?? there.Permissions, differences),
            Mtime = mtime,
            Atime = atime,
            Uid = chown ? ((differences & ItemFlags.Owner) != 0 ? owners.OwnerFor(source) : there.Uid) : null,
            Gid = chown ? ((differences & ItemFlags.Group) != 0 ? owners.GroupFor(source) : there.Gid) : null,
        };
    }

    /// <summary>What to set on an entry that is made anew.</summary>
    /// <param name="source">The source's entry.</param>
    /// <param name="there">The regular file it replaces, whose permissions stay without <c>-p</c>; null when there is none.</param>
    public AttributeChange ChangeOfNew(in FileStat source, in FileStat? there)
    {
        FileType type = source.Type;
        uint? permissions = null;
        if (type != FileType.Symlink)
        {
            if (options.Perms) permissions = source.Permissions;
            else if (there is FileStat replaced) permissions = ExecutabilityOf(source, replaced) ?? replaced.Permissions;
        }
        return new AttributeChange
        {
            Permissions = permissions,
            Extended = ExtendedChangeOf(source, permissions, ItemFlags.Acl | ItemFlags.Xattrs),
            Mtime = KeepsTime(type) ? TimeOf(source) : null,
            Atime = KeepsAccessTime(type) ? AccessTimeOf(source) : null,
            Uid = CanChangeOwner(type) ? owners.OwnerFor(source) : null,
            Gid = CanChangeOwner(type) ? owners.GroupFor(source) : null,
        };
    }

    /// <summary>
    /// The permissions that <c>--executability</c> gives a regular file that is there: none may execute it, or, where nobody
    /// could before, everybody who may read it. null where the option does not apply.
    /// </summary>
    private uint? ExecutabilityOf(in FileStat source, in FileStat there)
    {
        if (!options.Executability || options.Perms || !source.IsRegular || !there.IsRegular) return null;
        uint permissions = there.Permissions;
        if ((source.Mode & Execute) == 0) return permissions & ~Execute;
        return (permissions & Execute) != 0 ? permissions : permissions | ((permissions & Read) >> 2);
    }

    /// <summary>The modification time to give.</summary>
    public static Timestamp TimeOf(in FileStat stat) => new(stat.MtimeSeconds, stat.MtimeNanoseconds);

    private bool CanChangeOwner(FileType type) => type != FileType.Symlink || destination.CanSetLinkAttributes;
}
