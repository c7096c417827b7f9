using SyncHop.Engine.Contract;
using SyncHop.Engine.Reporting;

namespace SyncHop.Engine.Tests.Reporting;

public class ModeTextTests
{
    [Theory]
    [InlineData("0", "---------")]
    [InlineData("777", "rwxrwxrwx")]
    [InlineData("421", "r---w---x")]
    [InlineData("4755", "rwsr-xr-x")]
    [InlineData("4644", "rwSr--r--")]
    [InlineData("2755", "rwxr-sr-x")]
    [InlineData("2745", "rwxr-Sr-x")]
    [InlineData("1777", "rwxrwxrwt")]
    [InlineData("1776", "rwxrwxrwT")]
    [InlineData("7000", "--S--S--T")]
    public void Permissions_have_their_letters(string octal, string letters) =>
        Assert.Equal(letters, ModeText.Permissions(Convert.ToUInt32(octal, 8)));

    [Theory]
    [InlineData(FileType.Regular, '-')]
    [InlineData(FileType.Directory, 'd')]
    [InlineData(FileType.Symlink, 'l')]
    [InlineData(FileType.CharacterDevice, 'c')]
    [InlineData(FileType.BlockDevice, 'b')]
    [InlineData(FileType.Fifo, 'p')]
    [InlineData(FileType.Socket, 's')]
    [InlineData(FileType.Unknown, '-')]
    public void Types_have_their_letter(object type, char letter) =>
        Assert.Equal(letter + "rw-r--r--", ModeText.Full(FileStat.TypeBits((FileType)type) | Samples.Rw));

    [Theory]
    [InlineData(0)]
    [InlineData(1_700_000_000)]
    [InlineData(-86_400 * 365L * 100)]
    [InlineData(253_402_000_000)]
    public void Times_are_local(long seconds) =>
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(seconds).ToLocalTime().ToString("yyyy'/'MM'/'dd'|'HH':'mm':'ss", null), ModeText.LocalTime(seconds, '|'));

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_time_beyond_all_calendars_is_still_shown(long seconds) =>
        Assert.Matches(@"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d$", ModeText.LocalTime(seconds, ' '));
}
