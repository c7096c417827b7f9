using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>Collects a directory's entries; what a hostile server names is refused here, and a listing that does not end is ended.</summary>
/// <param name="mostBytes">Bytes of memory that the list may take.</param>
internal sealed class ListingSink(long mostBytes = long.MaxValue) : ISftpDirectorySink
{
    private const int LongestName = 255; // NAME_MAX
    private const int EntryBytes = 42; // Beside its name, see FileList.
    private const int MostRefused = 1000;

    // A file that is replaced while its directory is read may come again, and once more when that happens again.
    private const int MostRepeats = 100;

    private long _bytes;
    private byte[] _watched = [];
    private int _nextWatched = 1, _repeats, _refused;

    /// <summary>What was listed.</summary>
    public FileList List { get; } = new();

    /// <summary>Whether the server left the mode of some entry out.</summary>
    public bool LacksModes { get; private set; }

    /// <inheritdoc/>
    public void OnEntry(ReadOnlySpan<byte> name, in SftpAttributes attributes)
    {
        if (name.Length > LongestName)
        {
            OnRefusedName(name[..LongestName]);
            return;
        }
        Count(EntryBytes + name.Length);
        WatchForRepeats(name);
        LacksModes |= !attributes.HasPermissions;
        List.Add(name, SftpStat.ToStat(attributes));
    }

    /// <inheritdoc/>
    public void OnRefusedName(ReadOnlySpan<byte> name)
    {
        // Many may be honest: a server's names can be longer than ours.
        if (++_refused > MostRefused && _refused > List.Count) throw Endless("the server sends only names that no file can have");
        if (_refused > MostRefused + 1) return;
        // The name is the server's, and may be as long as its packets.
        string reason = _refused <= MostRefused ? "the server sent a name that no file can have" : "the server sent this and more names that no file can have";
        List.AddProblem(new ListProblem(name[..Math.Min(name.Length, LongestName)].ToArray(), new ReplicaException(ReplicaError.Other, "readdir", reason)));
    }

    /// <summary>Counts bytes that the list takes.</summary>
    /// <exception cref="ReplicaException">They are more than it may.</exception>
    public void Count(int bytes)
    {
        _bytes += bytes;
        if (_bytes > mostBytes) throw Endless("the server's listing takes more memory than --max-alloc allows");
    }

    /// <summary>
    /// Finds a server that sends the same entries again and again, whether from the first or the last ones on: one name is looked out for,
    /// twice as long each time (Brent's way to find cycles).
    /// </summary>
    private void WatchForRepeats(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(_watched) && ++_repeats > MostRepeats) throw Endless("the server's listing begins again and again");
        if (List.Count != _nextWatched) return;
        (_watched, _repeats) = (name.ToArray(), 0);
        _nextWatched *= 2;
    }

    private static ReplicaException Endless(string reason) => new(ReplicaError.Other, "readdir", reason);
}
