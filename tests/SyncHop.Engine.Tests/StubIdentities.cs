using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Tests;

/// <summary>Accounts told in a table; remembers what it was asked.</summary>
internal sealed class StubIdentities : IIdentities
{
    public Dictionary<uint, string> Users { get; init; } = [];

    public Dictionary<uint, string> Groups { get; init; } = [];

    public HashSet<uint> ForbiddenGroups { get; init; } = [];

    public List<string> Asked { get; } = [];

    public bool IsSuperuser { get; init; } = true;

    public uint Uid => 0;

    public ValueTask LoadAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public bool IsMember(uint gid) => !ForbiddenGroups.Contains(gid);

    public ValueTask<IdentityNames> NamesAsync(
        IReadOnlyCollection<uint> uids, IReadOnlyCollection<uint> gids, CancellationToken cancellation)
    {
        Asked.Add($"u {string.Join(' ', uids.Order())} g {string.Join(' ', gids.Order())}");
        return new ValueTask<IdentityNames>(new IdentityNames(Known(Users, uids), Known(Groups, gids)));
    }

    public uint? FindUser(ReadOnlySpan<byte> name) => Find(Users, Samples.S(name));

    public uint? FindGroup(ReadOnlySpan<byte> name) => Find(Groups, Samples.S(name));

    private static Dictionary<uint, byte[]> Known(Dictionary<uint, string> table, IEnumerable<uint> ids) =>
        ids.Where(table.ContainsKey).ToDictionary(id => id, id => Samples.B(table[id]));

    private static uint? Find(Dictionary<uint, string> table, string name)
    {
        foreach ((uint id, string known) in table)
        {
            if (known == name) return id;
        }
        return null;
    }
}
