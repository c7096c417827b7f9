using SyncHop.Engine.Contract;
using SyncHop.Engine.Identities;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Identities;

public class OwnerMapTests
{
    private readonly StubIdentities _source = new()
    {
        Users = new() { [0] = "root", [5] = "ann", [6] = "bob", [7] = "only-here" },
        Groups = new() { [0] = "wheel", [5] = "staff", [7] = "only-here" },
    };

    private readonly StubIdentities _destination = new()
    {
        Users = new() { [1] = "root", [50] = "ann", [5] = "bob" },
        Groups = new() { [1] = "wheel", [55] = "staff" },
    };

    [Fact]
    public async Task Owners_are_mapped_by_name_and_what_has_none_keeps_its_number()
    {
        OwnerMap map = new(Archive, _source, _destination);
        await PrepareAsync(map, 0, 5, 6, 7, 99);
        Assert.Equal([0u, 50u, 5u, 7u, 99u], Ids(map.OwnerFor, 0, 5, 6, 7, 99));
        Assert.Equal([0u, 55u, 6u, 7u, 99u], Ids(map.GroupFor, 0, 5, 6, 7, 99));
    }

    [Fact]
    public async Task Each_id_is_asked_for_once_and_root_never()
    {
        OwnerMap map = new(Archive, _source, _destination);
        await PrepareAsync(map, 5, 0, 5);
        await PrepareAsync(map, 5, 0);
        await PrepareAsync(map, 6, 5);
        Assert.Equal(["u 5 g 5", "u 6 g 6"], _source.Asked);
    }

    [Fact]
    public async Task Numeric_ids_are_kept_and_not_asked_for()
    {
        OwnerMap map = new(Archive with { NumericIds = true }, _source, _destination);
        await PrepareAsync(map, 5);
        Assert.Equal([5u], Ids(map.OwnerFor, 5));
        Assert.Empty(_source.Asked);
    }

    [Fact]
    public async Task One_host_has_one_set_of_names()
    {
        OwnerMap map = new(Archive, _source, _source);
        await PrepareAsync(map, 5);
        Assert.Equal([5u], Ids(map.OwnerFor, 5));
        Assert.Empty(_source.Asked);
    }

    [Theory]
    [CombinatorialOptions]
    public async Task Only_what_is_to_be_set_is_looked_up(bool owner, bool group, bool superuser)
    {
        StubIdentities destination = new() { IsSuperuser = superuser };
        OwnerMap map = new(new SyncOptions { Owner = owner, Group = group }, _source, destination);
        await PrepareAsync(map, 5);
        bool users = owner && superuser;
        Assert.Equal(users, map.SetsOwner);
        Assert.Equal(users, map.OwnerFor(Owned(5)) is not null);
        Assert.Equal(group, map.GroupFor(Owned(5)) is not null);
        Assert.Equal(users || group ? [$"u {(users ? "5" : "")} g {(group ? "5" : "")}"] : [], _source.Asked);
    }

    [Fact]
    public async Task A_group_that_may_not_be_given_is_left_alone()
    {
        StubIdentities destination = new() { IsSuperuser = false, Groups = new() { [55] = "staff" }, ForbiddenGroups = [55, 8] };
        OwnerMap map = new(Archive, _source, destination);
        await PrepareAsync(map, 5, 8, 9);
        Assert.Equal([null, null, 9u], Ids(map.GroupFor, 5, 8, 9));
    }

    private delegate uint? Mapping(in FileStat stat);

    private static IEnumerable<uint?> Ids(Mapping mapping, params uint[] ids) => ids.Select(id => mapping(Owned(id)));

    private static FileStat Owned(uint id) => Stat(FileType.Regular, uid: id, gid: id);

    private static async Task PrepareAsync(OwnerMap map, params uint[] ids) =>
        await map.PrepareAsync(default, List([.. ids.Select(id => ($"f{id}", Owned(id)))]), TestContext.Current.CancellationToken);
}
