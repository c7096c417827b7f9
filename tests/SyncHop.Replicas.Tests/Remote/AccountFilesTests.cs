using System.Globalization;
using System.Text;
using CsCheck;
using SyncHop.Replicas.Remote;
using Xunit;

namespace SyncHop.Replicas.Tests.Remote;

public class AccountFilesTests
{
    private const string Passwd = "root:x:0:0:root:/root:/bin/sh\nann:x:5:50:Ann,,,:/home/ann:/bin/sh\n\xFF\xE9:x:6:60::/:\n";

    private const string Group = "root:x:0:\nstaff:x:50:bob,ann\nothers:x:51:bob,anna,an\nempty:x:52:\nlast:x:53:ann";

    [Fact]
    public void Names_and_ids_are_found_both_ways()
    {
        AccountFiles files = Parse(Passwd, Group);
        Assert.Equal([0u, 5u, 6u, null], "root ann \xFF\xE9 nobody".Split(' ').Select(name => files.User(B(name))));
        Assert.Equal([0u, 50u, 53u, null], "root staff last ann".Split(' ').Select(name => files.Group(B(name))));
        Assert.Equal(["0 root", "5 ann", "6 \xFF\xE9"], Show(files.UserNames));
        Assert.Equal(["0 root", "50 staff", "51 others", "52 empty", "53 last"], Show(files.GroupNames));
    }

    [Theory]
    [InlineData("ann", 5, "50 53")]
    [InlineData("root", 0, "0")]
    [InlineData("bob", null, "50 51")]
    [InlineData("", null, "")]
    [InlineData("nobody", null, "")]
    public void The_logins_groups_are_its_own_and_those_that_name_it(string login, int? uid, string groups)
    {
        AccountFiles files = Parse(Passwd, Group.Replace("empty:x:52:", "empty:x:52:x", StringComparison.Ordinal), login);
        Assert.Equal((uint?)uid, files.Uid);
        Assert.Equal(groups, string.Join(' ', files.Memberships.Order()));
    }

    [Fact]
    public void The_first_line_of_a_name_or_an_id_counts()
    {
        AccountFiles files = Parse("ann:x:5:50:::\ntwin:x:5:51:::\nann:x:7:52:::", "g:x:1:\nh:x:1:\ng:x:2:");
        Assert.Equal((5u, 5u, 5u), (files.User(B("ann")), files.User(B("twin")), files.Uid));
        Assert.Equal(["5 ann", "7 ann"], Show(files.UserNames));
        Assert.Equal((1u, 1u), (files.Group(B("g")), files.Group(B("h"))));
        Assert.Equal("50", string.Join(' ', files.Memberships));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("ann")]
    [InlineData("ann:x:5")]
    [InlineData(":x:5:50:::")]
    [InlineData("ann:x::50:::")]
    [InlineData("ann:x:-5:50:::")]
    [InlineData("ann:x:5a:50:::")]
    [InlineData("ann:x: 5:50:::")]
    [InlineData("ann:x:4294967296:50:::")]
    [InlineData("ann:x:99999999999999999999:50:::")]
    public void Lines_that_make_no_sense_are_passed_over(string line)
    {
        AccountFiles files = Parse($"{line}\nok:x:1:1:::\n", $"{line}\nok:x:1:ann\n");
        Assert.Equal(["1 ok"], Show(files.UserNames));
        Assert.Equal(["1 ok"], Show(files.GroupNames));
        Assert.Null(files.Uid);
        Assert.Equal("1", string.Join(' ', files.Memberships));
    }

    [Fact]
    public void A_login_without_a_sensible_group_still_has_its_uid()
    {
        AccountFiles files = Parse("ann:x:5:nonsense:::", "");
        Assert.Equal(5u, files.Uid);
        Assert.Empty(files.Memberships);
        Assert.Equal(uint.MaxValue, Parse("ann:x:4294967295:1", "").Uid);
    }

    [Fact]
    public void No_file_is_too_strange() => Gen.Char["ax:,\n019-\xFF"].Array[0, 200].Select(chars => new string(chars)).Sample(text =>
    {
        AccountFiles files = Parse(text, text, "a");
        foreach (byte[] name in files.UserNames.Values) Assert.True(name.Length > 0 && files.User(name) is not null);
        string[] names = [.. text.Split('\n').Where(line => line.Split(':') is { Length: >= 4 } f && f[0].Length > 0 && IsId(f[2])).Select(line => line.Split(':')[0])];
        Assert.Equal(names.Distinct().Count(), names.Distinct().Count(name => files.User(B(name)) is not null));
        Assert.Equal(names.Contains("a"), files.Uid is not null);
    });

    private static bool IsId(string text) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) && id <= uint.MaxValue;

    private static AccountFiles Parse(string passwd, string group, string login = "ann") => AccountFiles.Parse(B(passwd), B(group), B(login));

    private static IEnumerable<string> Show(Dictionary<uint, byte[]> names) =>
        names.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {Encoding.Latin1.GetString(pair.Value)}");

    private static byte[] B(string latin1) => Encoding.Latin1.GetBytes(latin1);
}
