using SyncHop.Engine.Contract;
using SyncHop.Replicas.Remote;
using SyncHop.Sftp;
using Xunit;

namespace SyncHop.Replicas.Tests.Remote;

public class SftpChangeTests
{
    private static readonly FileStat Current = new() { Mode = 0x81A4, Uid = 10, Gid = 20 };

    [Fact]
    public void Nothing_to_change_is_no_request()
    {
        SftpChange change = SftpChange.Of(default, FileType.Regular);
        Assert.Null(change.Owner);
        Assert.Null(change.Rest);
        Assert.Null(change.Unholdable);
    }

    [Theory]
    [InlineData(1u, 2u, 1u, 2u, false)]
    [InlineData(1u, null, 1u, 20u, true)]
    [InlineData(null, 2u, 10u, 2u, true)]
    [InlineData(0u, 0u, 0u, 0u, false)]
    public void Half_an_owner_is_completed_from_what_is_there(object? uid, object? gid, uint sentUid, uint sentGid, bool needsOwner)
    {
        AttributeChange change = new() { Uid = (uint?)uid, Gid = (uint?)gid };
        Assert.Equal(needsOwner, SftpChange.NeedsOwner(change));
        SftpChange sent = SftpChange.Of(change, FileType.Regular, needsOwner ? Current : null);
        Assert.Equal(default(SftpAttributes).WithOwner(sentUid, sentGid), sent.Owner);
        Assert.Null(sent.Rest);
    }

    [Fact]
    public void An_owner_that_stays_needs_no_look() => Assert.False(SftpChange.NeedsOwner(new AttributeChange { Permissions = 0x1ED }));

    [Fact]
    public void Owner_and_the_rest_go_in_two_requests()
    {
        AttributeChange change = new() { Permissions = 0x9ED, Mtime = new Timestamp(7, 999), Uid = 1, Gid = 2 };
        SftpChange sent = SftpChange.Of(change, FileType.Regular);
        Assert.Equal(SftpAttributeParts.Owner, sent.Owner!.Value.Parts);
        Assert.Equal(SftpAttributeParts.Permissions | SftpAttributeParts.Times, sent.Rest!.Value.Parts);
        Assert.Equal((0x9EDu, 7u), (sent.Rest.Value.Permissions, sent.Rest.Value.ModifyTime));
        Assert.Null(sent.Unholdable);
    }

    [Fact]
    public void Owner_and_the_rest_go_in_one_request_where_no_bit_can_get_lost()
    {
        AttributeChange change = new() { Permissions = 0x1ED, Mtime = new Timestamp(7, 999), Uid = 1, Gid = 2 };
        SftpAttributes together = SftpChange.Of(change, FileType.Regular).Together!.Value;
        Assert.Equal(SftpAttributeParts.Owner | SftpAttributeParts.Permissions | SftpAttributeParts.Times, together.Parts);
        Assert.Equal((1u, 2u, 0x1EDu, 7u), (together.UserId, together.GroupId, together.Permissions, together.ModifyTime));

        Assert.Null(SftpChange.Of(change with { Permissions = 0x9ED }, FileType.Regular).Together);
        Assert.Null(SftpChange.Of(change with { Uid = null, Gid = null }, FileType.Regular).Together);
        Assert.Null(SftpChange.Of(new AttributeChange { Uid = 1, Gid = 2 }, FileType.Regular).Together);
    }

    [Fact]
    public void A_symlink_has_no_permissions_of_its_own()
    {
        Assert.Null(SftpChange.Of(new AttributeChange { Permissions = 0x1FF }, FileType.Symlink).Rest);
        SftpChange sent = SftpChange.Of(new AttributeChange { Permissions = 0x1FF, Mtime = new Timestamp(7, 0) }, FileType.Symlink);
        Assert.Equal(SftpAttributeParts.Times, sent.Rest!.Value.Parts);
    }

    [Theory]
    [InlineData(0, 0u, true)]
    [InlineData(uint.MaxValue, uint.MaxValue, true)]
    [InlineData(-1, 0u, false)]
    [InlineData(1L << 32, uint.MaxValue, false)]
    [InlineData(long.MinValue, 0u, false)]
    public void A_time_that_the_protocol_cannot_hold_is_told_and_the_nearest_sent(long seconds, uint sent, bool holds)
    {
        SftpChange change = SftpChange.Of(new AttributeChange { Mtime = new Timestamp(seconds, 0) }, FileType.Regular);
        Assert.Equal(sent, change.Rest!.Value.ModifyTime);
        Assert.Equal(holds ? null : ReplicaError.NotSupported, change.Unholdable?.Error);
    }

    [Fact]
    public void The_access_time_is_now()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        uint access = SftpChange.Of(new AttributeChange { Mtime = new Timestamp(7, 0) }, FileType.Regular).Rest!.Value.AccessTime;
        Assert.InRange(access, before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    }

    [Fact]
    public void What_the_server_leaves_out_is_zero_and_of_unknown_kind()
    {
        Assert.Equal(default, SftpStat.ToStat(default));
        Assert.Equal(FileType.Unknown, SftpStat.ToStat(default).Type);
        FileStat stat = SftpStat.ToStat(
            default(SftpAttributes).WithSize(ulong.MaxValue).WithOwner(1, 2).WithPermissions(0x81A4).WithTimes(8, uint.MaxValue));
        Assert.Equal(new FileStat { Mode = 0x81A4, Size = long.MaxValue, Uid = 1, Gid = 2, AtimeSeconds = 8, MtimeSeconds = uint.MaxValue }, stat);
        Assert.Equal(default(SftpAttributes).WithPermissions(0x1ED), SftpStat.OfPermissions(0x1ED));
    }
}
