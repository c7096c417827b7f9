using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Reporting;

namespace SyncHop.Engine.Tests.Reporting;

public class ItemizedChangesTests
{
    [Theory]
    [InlineData(FileType.Regular, "None", ".f         ")]
    [InlineData(FileType.Regular, "Transfer", ">f.........")]
    [InlineData(FileType.Regular, "Transfer, New", ">f+++++++++")]
    [InlineData(FileType.Regular, "Transfer, New, Change, Size, Time", ">f+++++++++")]
    [InlineData(FileType.Regular, "Transfer, Change", ">fc........")]
    [InlineData(FileType.Regular, "Transfer, Size", ">f.s.......")]
    [InlineData(FileType.Regular, "Transfer, Time", ">f..t......")]
    [InlineData(FileType.Regular, "Perms", ".f...p.....")]
    [InlineData(FileType.Regular, "Owner", ".f....o....")]
    [InlineData(FileType.Regular, "Group", ".f.....g...")]
    [InlineData(FileType.Regular, "Transfer, Change, Size, Time, Perms, Owner, Group", ">fcstpog...")]
    [InlineData(FileType.Directory, "LocalChange, New", "cd+++++++++")]
    [InlineData(FileType.Directory, "Time", ".d..t......")]
    [InlineData(FileType.Symlink, "LocalChange, Change, Time", "cLc.t......")]
    [InlineData(FileType.Symlink, "None", ".L         ")]
    [InlineData(FileType.CharacterDevice, "LocalChange, New", "cD+++++++++")]
    [InlineData(FileType.BlockDevice, "LocalChange", "cD         ")]
    [InlineData(FileType.Fifo, "LocalChange, New", "cS+++++++++")]
    [InlineData(FileType.Socket, "Perms", ".S...p.....")]
    public void Letters_stand_where_rsync_has_them(object type, string flags, string letters) =>
        Assert.Equal(letters, ItemizedChanges.Format((FileType)type, Enum.Parse<ItemFlags>(flags), sends: false, keepsTime: true));

    [Fact]
    public void The_arrow_points_to_where_content_goes_and_the_time_may_be_that_of_the_transfer()
    {
        const ItemFlags flags = ItemFlags.Transfer | ItemFlags.Time;
        Assert.Equal("<f..t......", ItemizedChanges.Format(FileType.Regular, flags, sends: true, keepsTime: true));
        Assert.Equal(">f..T......", ItemizedChanges.Format(FileType.Regular, flags, sends: false, keepsTime: false));
        Assert.Equal(".f         ", ItemizedChanges.Format(FileType.Regular, ItemFlags.None, sends: true, keepsTime: false));
    }

    [Fact]
    public void Removals_fill_the_same_eleven_columns() => Assert.Equal("*deleting  ", ItemizedChanges.Deleted);
}
