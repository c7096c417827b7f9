using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Comparing;

public class AttributeComparisonTests
{
    private const uint SetUid = 0x9ED; // 04755

    private static readonly ReplicaTraits PlainSftp = Traits with { CanSetLinkAttributes = false };

    [Theory]
    [CombinatorialOptions]
    public void Each_attribute_counts_only_with_its_option(bool perms, bool times, bool owner, bool group)
    {
        SyncOptions options = new() { Perms = perms, Times = times, Owner = owner, Group = group };
        FileStat source = Stat(FileType.Regular, Rw, 1, 1, uid: 1, gid: 1), there = Stat(FileType.Regular, Rwx, 2, 2, uid: 2, gid: 2);
        ItemFlags expected = ItemFlags.Size
            | (perms ? ItemFlags.Perms : 0) | (times ? ItemFlags.Time : 0) | (owner ? ItemFlags.Owner : 0) | (group ? ItemFlags.Group : 0);
        AttributeComparison comparison = Comparison(options);
        Assert.Equal(expected, comparison.Differences(source, there, replaced: false));
        Assert.Equal(ItemFlags.None, comparison.Differences(source, source, replaced: false));
        // Without -t a transferred file gets the time of the transfer.
        Assert.Equal(expected | ItemFlags.Time, comparison.Differences(source, there, replaced: true));
        Assert.Equal(times ? ItemFlags.None : ItemFlags.Time, comparison.Differences(source, source, replaced: true));
    }

    [Fact]
    public void Only_regular_files_have_a_size_that_counts()
    {
        foreach (FileType type in Enum.GetValues<FileType>())
        {
            ItemFlags flags = Comparison(Archive).Differences(Stat(type, size: 1), Stat(type, size: 2), replaced: false);
            Assert.Equal(type == FileType.Regular ? ItemFlags.Size : ItemFlags.None, flags);
        }
    }

    [Fact]
    public void A_symlink_has_no_permissions()
    {
        FileStat link = Stat(FileType.Symlink, 0x1FF);
        Assert.Equal(ItemFlags.None, Comparison(Archive).Differences(link, Stat(FileType.Symlink, Rw), replaced: false));
        Assert.Null(Comparison(Archive).ChangeOfNew(link, null).Permissions);
    }

    [Fact]
    public void A_symlinks_time_and_owner_count_where_they_can_be_set()
    {
        FileStat source = Stat(FileType.Symlink, mtime: 1, uid: 1, gid: 1), there = Stat(FileType.Symlink, mtime: 2, uid: 2, gid: 2);
        const ItemFlags all = ItemFlags.Time | ItemFlags.Owner | ItemFlags.Group;
        Assert.Equal(all, Comparison(Archive).Differences(source, there, replaced: false));
        Assert.Equal(ItemFlags.None, Comparison(Archive, PlainSftp).Differences(source, there, replaced: false));
        Assert.Equal(ItemFlags.Time, Comparison(Archive, PlainSftp).Differences(source, there, replaced: true));
        Assert.Equal(new AttributeChange { Mtime = new Timestamp(1, 0), Uid = 1, Gid = 1 }, Comparison(Archive).ChangeOfNew(source, null));
        Assert.True(Comparison(Archive, PlainSftp).ChangeOfNew(source, null).IsEmpty);
        Assert.Equal(all, Comparison(Archive, PlainSftp).Differences(source with { Mode = 0x4000 }, there with { Mode = 0x4000 }, replaced: false));
    }

    [Fact]
    public void Owner_and_group_are_compared_as_the_destination_knows_them()
    {
        AttributeComparison ordinary = Comparison(Archive, isSuperuser: false);
        FileStat source = Stat(FileType.Regular, uid: 1, gid: 1), there = Stat(FileType.Regular, uid: 2, gid: 2);
        Assert.Equal(ItemFlags.Group, ordinary.Differences(source, there, replaced: false));
        Assert.Equal((null, 1u), (ordinary.ChangeOfNew(source, null).Uid, ordinary.ChangeOfNew(source, null).Gid));
    }

    [Theory]
    [InlineData("", null, null, null, null)]
    [InlineData("Perms", 0x1EDu, null, null, null)]
    [InlineData("Time", null, 1L, null, null)]
    [InlineData("Owner", null, null, 1u, 21u)]
    [InlineData("Group", null, null, 20u, 11u)]
    [InlineData("Owner, Group", null, null, 1u, 11u)]
    [InlineData("Size", null, null, null, null)]
    public void What_differs_is_set(string differences, object? permissions, object? mtime, object? uid, object? gid)
    {
        FileStat source = Stat(FileType.Regular, Rwx, mtime: 1, uid: 1, gid: 11) with { MtimeNanoseconds = 5 };
        FileStat there = Stat(FileType.Regular, Rw, mtime: 2, uid: 20, gid: 21);
        ItemFlags flags = differences.Length == 0 ? ItemFlags.None : Enum.Parse<ItemFlags>(differences);
        AttributeChange expected = new()
        {
            Permissions = (uint?)permissions,
            Mtime = mtime is long seconds ? new Timestamp(seconds, 5) : null,
            Uid = (uint?)uid,
            Gid = (uint?)gid,
        };
        Assert.Equal(expected, Comparison(Archive).ChangeOf(source, there, flags));
    }

    [Fact]
    public void A_time_that_is_not_kept_is_not_set()
    {
        AttributeComparison comparison = Comparison(new SyncOptions());
        Assert.True(comparison.ChangeOf(File(mtime: 1), File(mtime: 2), ItemFlags.Time).IsEmpty);
        Assert.True(comparison.ChangeOfNew(File(mtime: 1), null).IsEmpty);
    }

    [Fact]
    public void Chown_clears_setuid_so_it_is_set_again()
    {
        FileStat there = Stat(FileType.Regular, SetUid, uid: 2);
        Assert.Equal(SetUid, Comparison(Archive).ChangeOf(there with { Uid = 1 }, there, ItemFlags.Owner).Permissions);
        Assert.Equal(SetUid, Comparison(Archive).ChangeOf(there with { Gid = 1 }, there, ItemFlags.Group).Permissions);
        Assert.Null(Comparison(Archive).ChangeOf(there with { MtimeSeconds = 1 }, there, ItemFlags.Time).Permissions);
        FileStat link = Stat(FileType.Symlink, SetUid, uid: 2);
        Assert.Null(Comparison(Archive).ChangeOf(link with { Uid = 1 }, link, ItemFlags.Owner).Permissions);
    }

    /// <summary>Learned from rsync 3.5 as root; permissions in octal.</summary>
    [Theory]
    [InlineData("4755", "4755", "Owner", "Perms")]
    [InlineData("4755", "4755", "Owner, Group", "Perms")]
    [InlineData("2755", "2755", "Group", "Perms")]
    [InlineData("755", "4755", "Owner, Perms", "None")]
    [InlineData("755", "6755", "Group, Perms", "None")]
    [InlineData("644", "4755", "Owner, Perms", "Perms")]
    [InlineData("2644", "2644", "Owner", "None")]
    [InlineData("644", "2644", "Owner, Perms", "Perms")]
    [InlineData("6644", "6644", "Owner", "Perms")]
    [InlineData("755", "755", "Owner", "Owner")]
    [InlineData("1755", "1755", "Owner", "Owner")]
    [InlineData("644", "4755", "Perms", "Perms")]
    [InlineData("755", "4755", "Owner, Perms, Time", "Time")]
    public void A_setuid_file_that_changes_its_owner_is_shown_as_chown_leaves_it(string source, string there, string differences, string shown)
    {
        FileStat from = File(permissions: Convert.ToUInt32(source, 8)), to = File(permissions: Convert.ToUInt32(there, 8));
        Assert.Equal(Enum.Parse<ItemFlags>(shown), Comparison(Archive).AfterChange(Enum.Parse<ItemFlags>(differences), from, to));
    }

    [Fact]
    public void A_setgid_directory_keeps_its_bits_and_is_shown_with_its_owner()
    {
        FileStat directory = Stat(FileType.Directory, SetUid);
        Assert.Equal(ItemFlags.Owner, Comparison(Archive).AfterChange(ItemFlags.Owner, directory, directory));
        SyncOptions withoutPerms = Archive with { Perms = false };
        FileStat file = Stat(FileType.Regular, SetUid);
        Assert.Equal(ItemFlags.None, Comparison(withoutPerms).AfterChange(ItemFlags.Owner, file, file));
    }

    [Fact]
    public void A_replaced_file_keeps_its_permissions_without_perms()
    {
        AttributeComparison comparison = Comparison(new SyncOptions());
        Assert.Equal(Rwx, comparison.ChangeOfNew(File(permissions: Rw), File(permissions: Rwx)).Permissions);
        Assert.Null(comparison.ChangeOfNew(File(permissions: Rw), null).Permissions);
        Assert.Equal(Rw, Comparison(Archive).ChangeOfNew(File(permissions: Rw), File(permissions: Rwx)).Permissions);
    }
}
