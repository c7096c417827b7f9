using System.Buffers.Text;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Remote;

/// <summary>A host's accounts as /etc/passwd and /etc/group tell them (passwd(5), group(5)); lines that make no sense are passed over.</summary>
internal sealed class AccountFiles
{
    private readonly Dictionary<RelativePath, uint> _users = [], _groups = [];

    /// <summary>User names by uid.</summary>
    public Dictionary<uint, byte[]> UserNames { get; } = [];

    /// <summary>Group names by gid.</summary>
    public Dictionary<uint, byte[]> GroupNames { get; } = [];

    /// <summary>The login's uid; null when it has no line.</summary>
    public uint? Uid { get; private set; }

    /// <summary>The groups the login is a member of, as far as known.</summary>
    public HashSet<uint> Memberships { get; } = [];

    /// <summary>The uid of a user name.</summary>
    public uint? User(ReadOnlySpan<byte> name) => _users.TryGetValue(Key(name), out uint uid) ? uid : null;

    /// <summary>The gid of a group name.</summary>
    public uint? Group(ReadOnlySpan<byte> name) => _groups.TryGetValue(Key(name), out uint gid) ? gid : null;

    /// <summary>Reads both files.</summary>
    /// <param name="passwd">The content of /etc/passwd; empty when it cannot be read.</param>
    /// <param name="group">The content of /etc/group; empty when it cannot be read.</param>
    /// <param name="login">The login name.</param>
    public static AccountFiles Parse(ReadOnlySpan<byte> passwd, ReadOnlySpan<byte> group, ReadOnlySpan<byte> login)
    {
        AccountFiles files = new();
        Span<Range> fields = stackalloc Range[8];
        foreach (Range line in passwd.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> text = passwd[line];
            if (Fields(text, fields) < 4 || !TryId(text[fields[2]], out uint uid) || text[fields[0]].IsEmpty) continue;
            ReadOnlySpan<byte> name = text[fields[0]];
            files._users.TryAdd(Key(name), uid);
            files.UserNames.TryAdd(uid, name.ToArray());
            if (!name.SequenceEqual(login) || files.Uid is not null) continue;
            files.Uid = uid;
            if (TryId(text[fields[3]], out uint primary)) files.Memberships.Add(primary);
        }
        foreach (Range line in group.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> text = group[line];
            if (Fields(text, fields) < 4 || !TryId(text[fields[2]], out uint gid) || text[fields[0]].IsEmpty) continue;
            files._groups.TryAdd(Key(text[fields[0]]), gid);
            files.GroupNames.TryAdd(gid, text[fields[0]].ToArray());
            ReadOnlySpan<byte> members = text[fields[3]];
            foreach (Range member in members.Split((byte)','))
            {
                // An empty member list is one empty name, and no login.
                if (!login.IsEmpty && members[member].SequenceEqual(login)) files.Memberships.Add(gid);
            }
        }
        return files;
    }

    private static RelativePath Key(ReadOnlySpan<byte> name) => new(name.ToArray());

    private static int Fields(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        int count = 0;
        foreach (Range field in line.Split((byte)':'))
        {
            if (count == fields.Length) break;
            fields[count++] = field;
        }
        return count;
    }

    private static bool TryId(ReadOnlySpan<byte> text, out uint id) => Utf8Parser.TryParse(text, out id, out int used) && used == text.Length && used > 0;
}
