using System.Runtime.Versioning;
using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Local;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

/// <summary>Extended attributes of entries, and that no symlink leads to somebody else's.</summary>
[SupportedOSPlatform("linux")]
public sealed class ExtendedTests : LocalFixture
{
    private static readonly ExtendedSelection s_all = new(true, static name => name.AsSpan().StartsWith("user."u8));

    // Owner 6, user 1 6, owning group 4, mask 6, others 0.
    private static readonly AccessControlList s_list =
        AccessControlList.Parse(Convert.FromHexString("02000000" + "01000600FFFFFFFF" + "0200060001000000" + "04000400FFFFFFFF" + "10000600FFFFFFFF" + "20000000FFFFFFFF"))!;

    private static readonly ExtendedSelection s_user = new(false, static name => name.AsSpan().StartsWith("user."u8));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(2000)]
    public async Task Values_of_any_length_are_set_and_read(int length)
    {
        await PutAsync("f", new byte[length]);
        ExtendedAttribute found = Assert.Single((await ReadAsync("f"))!.Attributes);
        Assert.Equal("user.a"u8.ToArray(), found.Name);
        Assert.Equal(new byte[length], found.Whole is { } whole ? whole() : found.Value);
        Assert.Equal(length > 256, found.Whole is not null);
    }

    [Fact]
    public async Task What_is_not_wanted_goes_and_what_is_not_asked_for_stays()
    {
        await PutAsync("f", [1]);
        ExtendedChange other = new() { Attributes = [new ExtendedAttribute("user.b"u8.ToArray(), [2])], Selection = new(false, static name => name.AsSpan().SequenceEqual("user.b"u8)) };
        Assert.Null(await Replica.SetAttributesAsync(P("f"), FileType.Regular, new AttributeChange { Extended = other }, Cancellation));
        Assert.Equal(2, (await ReadAsync("f"))!.Attributes.Count);
        Assert.Null(await Replica.SetAttributesAsync(P("f"), FileType.Regular, Change(null), Cancellation));
        Assert.Null(await ReadAsync("f"));
    }

    [Fact]
    public async Task A_new_file_has_them_when_it_gets_its_name()
    {
        await WriteAsync(P("d"), "content"u8.ToArray(), Change([7]));
        Assert.Equal([7], Assert.Single((await ReadAsync("d"))!.Attributes).Value);
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_file_or_directory_is_not_followed()
    {
        File.WriteAllText(Path.Combine(OutsidePath, "file"), "secret");
        File.CreateSymbolicLink(InRoot("f"), Path.Combine(OutsidePath, "file"));
        Directory.CreateSymbolicLink(InRoot("d"), OutsidePath);
        ReplicaException? failure = await Replica.SetAttributesAsync(P("f"), FileType.Regular, Change([1]), Cancellation);
        Assert.NotNull(failure); // Linux gives symlinks no user attributes.
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.SetAttributesAsync(P("d/file"), FileType.Regular, Change([1]), Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.ReadExtendedAsync(P("d/file"), FileType.Regular, s_user, Cancellation));
        Assert.Null(await ReadAsync("f"));
        File.Move(Path.Combine(OutsidePath, "file"), InRoot("moved"));
        Assert.Null(await ReadAsync("moved"));
    }

    [Fact]
    public async Task A_directory_swapped_after_it_was_listed_is_not_followed()
    {
        File.WriteAllText(Path.Combine(OutsidePath, "file"), "secret");
        Directory.CreateDirectory(InRoot("d"));
        File.WriteAllText(InRoot("d/file"), "inside");
        await Replica.ListAsync(P("d"), true, Cancellation);
        Directory.Move(InRoot("d"), InRoot("moved"));
        Directory.CreateSymbolicLink(InRoot("d"), OutsidePath);
        Assert.Null(await Replica.SetAttributesAsync(P("d/file"), FileType.Regular, Change([1]), Cancellation));
        Assert.NotNull(await ReadAsync("moved/file"));
        File.Move(Path.Combine(OutsidePath, "file"), InRoot("outside"));
        Assert.Null(await ReadAsync("outside"));
    }

    [Fact]
    public async Task What_cannot_be_set_keeps_nothing_else_from_being_set()
    {
        if (!HasLists()) Assert.Skip("no access control lists here");
        await PutAsync("f", [1]);
        ExtendedAttribute tooLong = new("user.a"u8.ToArray(), new byte[1 << 17]), unreadable = new("user.b"u8.ToArray(), [], static () => throw new ReplicaException(ReplicaError.Other, "read", "gone"));
        ExtendedChange change = new()
        {
            Attributes = [tooLong, unreadable, new ExtendedAttribute("user.c"u8.ToArray(), [3])],
            Selection = s_all,
            SetsAccess = true,
            Access = s_list,
        };
        ReplicaException? failure = await Replica.SetAttributesAsync(P("f"), FileType.Regular, new AttributeChange { Extended = change }, Cancellation);
        Assert.Equal("rsync_xal_set: lsetxattr", failure?.Operation);
        ExtendedAttributes? there = await Replica.ReadExtendedAsync(P("f"), FileType.Regular, s_all, Cancellation);
        Assert.True(AccessControlList.AreEqual(s_list, there!.Access));
        Assert.Equal([3], Assert.Single(there.Attributes, static attribute => attribute.Name.AsSpan().SequenceEqual("user.c"u8)).Value);
    }

    [Fact]
    public void What_cannot_be_set_hides_no_missing_permission_that_the_owner_can_give()
    {
        OpenToEveryone();
        ThreadPrivileges.RunAsOrdinaryUser(async () =>
        {
            await WriteAsync(P("f"), "content"u8.ToArray(), new AttributeChange { Permissions = 0x100 }); // 0400
            ExtendedAttribute tooLong = new("user.a"u8.ToArray(), new byte[1 << 17]);
            ExtendedChange change = new() { Attributes = [tooLong, new ExtendedAttribute("user.c"u8.ToArray(), [3])], Selection = s_user };
            ReplicaException? failure = await Replica.SetAttributesAsync(P("f"), FileType.Regular, new AttributeChange { Extended = change }, Cancellation);
            Assert.Equal("rsync_xal_set: lsetxattr", failure?.Operation);
            Assert.Equal("user.c"u8.ToArray(), Assert.Single((await ReadAsync("f"))!.Attributes).Name);
            Assert.Equal(0x100u, (await Replica.StatAsync(P("f"), false, Cancellation))!.Value.Permissions);
        });
    }

    [Fact]
    public async Task A_followed_link_has_the_list_of_its_file()
    {
        if (!HasLists()) Assert.Skip("no access control lists here");
        File.WriteAllText(InRoot("f"), "");
        File.CreateSymbolicLink(InRoot("l"), "f");
        ExtendedChange change = new() { Selection = s_all, SetsAccess = true, Access = s_list };
        Assert.Null(await Replica.SetAttributesAsync(P("f"), FileType.Regular, new AttributeChange { Extended = change }, Cancellation));
        using LocalReplica following = (LocalReplica)Host.Open(Encoding.UTF8.GetBytes(RootPath), LinkFollowing.Everything);
        Assert.True(AccessControlList.AreEqual(s_list, (await following.ReadExtendedAsync(P("l"), FileType.Regular, s_all, Cancellation))?.Access));
        Assert.Null(await following.ReadExtendedAsync(P("l"), FileType.Symlink, s_all, Cancellation));
        Assert.Null(await Replica.ReadExtendedAsync(P("l"), FileType.Regular, s_all, Cancellation));
    }

    private bool HasLists()
    {
        File.WriteAllText(InRoot("probe"), "");
        ExtendedChange change = new() { Selection = s_all, SetsAccess = true, Access = s_list };
        return Replica.SetAttributesAsync(P("probe"), FileType.Regular, new AttributeChange { Extended = change }, Cancellation).AsTask().GetAwaiter().GetResult() is null;
    }

    private async Task PutAsync(string name, byte[] value)
    {
        File.WriteAllText(InRoot(name), "");
        Assert.Null(await Replica.SetAttributesAsync(P(name), FileType.Regular, Change(value), Cancellation));
    }

    private static AttributeChange Change(byte[]? value) => new()
    {
        Extended = new ExtendedChange { Attributes = value is null ? [] : [new ExtendedAttribute("user.a"u8.ToArray(), value)], Selection = s_user },
    };

    private async Task<ExtendedAttributes?> ReadAsync(string name) => await Replica.ReadExtendedAsync(P(name), FileType.Regular, s_user, Cancellation);
}
