using CsCheck;
using SyncHop.Engine.Contract;
using Xunit;
using static SyncHop.Engine.Contract.AccessControlList;

namespace SyncHop.Engine.Tests.Contract;

public sealed class AccessControlListTests
{
    // user::rw- user:1234:r-- group::r-- mask::r-- other::r--, as the kernel gave it
    private const string Extended = "0200000001000600ffffffff02000400d204000004000400ffffffff10000400ffffffff20000400ffffffff";
    private const string Minimal = "0200000001000600ffffffff04000400ffffffff20000400ffffffff";

    [Theory]
    [InlineData(Extended, false)]
    [InlineData(Minimal, true)]
    public void Value_is_read_and_written(string hex, bool isMinimal)
    {
        AccessControlList list = Parsed(hex);
        Assert.Equal(isMinimal, list.IsMinimal);
        Assert.Equal(hex, Convert.ToHexStringLower(list.ToBytes()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0100000001000600ffffffff")]
    [InlineData("0200000001000600ffffff")]
    [InlineData("0200000003000600ffffffff")]
    public void What_is_no_list_is_none(string hex) => Assert.Null(Parse(Convert.FromHexString(hex)));

    [Fact]
    public void Any_bytes_are_a_list_or_none() => Gen.Byte.Array[0, 64].Sample(bytes =>
    {
        if (Parse([2, 0, 0, 0, .. bytes]) is { } list) Assert.True(AreEqual(list, Parse(list.ToBytes())));
    });

    [Fact]
    public void Mode_counts_for_owner_mask_and_others()
    {
        AccessControlList list = Parsed(Extended).WithMode(0x1E9); // 0751
        Assert.Equal([7, 4, 4, 5, 1], list.Entries.Select(entry => (int)entry.Permissions));
        Assert.Equal([7, 5, 1], Parsed(Minimal).WithMode(0x1E9).Entries.Select(entry => (int)entry.Permissions));
        Assert.True(AreEqualBesidesMode(list, Parsed(Extended)));
        Assert.False(AreEqual(list, Parsed(Extended)));
    }

    [Fact]
    public void Owning_group_follows_the_mode_where_it_had_what_that_gave_it()
    {
        // Its entry is the third: read.
        Assert.Equal([7, 4, 5, 5, 1], Parsed(Extended).Adapt(from: 0x1E0, to: 0x1E9).Entries.Select(entry => (int)entry.Permissions)); // 0740, 0751
        Assert.Equal([7, 4, 4, 5, 1], Parsed(Extended).Adapt(from: 0x1E8, to: 0x1E9).Entries.Select(entry => (int)entry.Permissions)); // 0750, 0751
        Assert.Equal([7, 5, 1], Parsed(Minimal).Adapt(from: 0x1E8, to: 0x1E9).Entries.Select(entry => (int)entry.Permissions));
    }

    [Fact]
    public void Minimal_list_is_as_good_as_none()
    {
        Assert.True(AreEqualBesidesMode(Parsed(Minimal), null));
        Assert.False(AreEqualBesidesMode(Parsed(Extended), null));
        Assert.False(AreEqual(Parsed(Minimal), null));
    }

    [Fact]
    public void Named_users_are_mapped_and_put_in_order()
    {
        AccessControlList two = Parse(Convert.FromHexString("0200000001000600ffffffff020004000500000002000600060000000400" + "0400ffffffff10000400ffffffff20000400ffffffff"))!;
        AccessControlList mapped = two.Map(uid => uid == 5 ? 9u : uid, gid => gid);
        Assert.Equal([new Entry(Tag.User, 6, 6), new Entry(Tag.User, 4, 9)], mapped.Entries.Where(entry => entry.For == Tag.User));
    }

    private static AccessControlList Parsed(string hex) => Parse(Convert.FromHexString(hex)) ?? throw new FormatException(hex);
}
