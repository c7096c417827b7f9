using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;

namespace SyncHop.Engine.Temporaries;

/// <summary>Finds the temporary files that killed runs left behind.</summary>
internal static class Leftovers
{
    /// <summary>After this long what another machine's run has not touched belongs to nobody.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromDays(1);

    /// <summary>
    /// Takes temporary files out of a destination's list: they are no part of the tree, neither reported nor counted, and
    /// those of a live run are not to be deleted. What the source has too under that name is an ordinary file.
    /// </summary>
    /// <param name="destination">The list, in no order.</param>
    /// <param name="source">The source's list of the same directory.</param>
    /// <param name="directory">The directory's path on the destination.</param>
    /// <param name="resumption">Knows what earlier attempts of this run began; null when there were none.</param>
    /// <returns>The names of those that are left over.</returns>
    public static List<byte[]> TakeFrom(FileList destination, FileList source, RelativePath directory, Resumption? resumption)
    {
        // A directory is listed before anything is written in it: what has our name there is an earlier attempt's.
        bool oursEnded = resumption is { IsContinuation: true };
        List<byte[]> found = [];
        DateTimeOffset now = DateTimeOffset.UtcNow;
        for (int i = destination.Count - 1; i >= 0; i--)
        {
            FileList.Entry entry = destination.Entries[i];
            ReadOnlySpan<byte> name = destination.NameOf(entry);
            if (!TemporaryName.TryParse(name, now, out RunTag owner, out _) || entry.IsDirectory || Holds(source, name)) continue;
            bool isOurs = oursEnded && owner == RunTag.Current && !resumption!.IsBeginning(directory.Join(name));
            if (isOurs || IsLeftover(name, entry.Stat, now)) found.Add(name.ToArray());
            destination.RemoveAt(i);
        }
        return found;
    }

    /// <summary>Whether an entry is a temporary file whose run has ended, or must have.</summary>
    public static bool IsLeftover(ReadOnlySpan<byte> name, in FileStat stat, DateTimeOffset now)
    {
        if (!TemporaryName.TryParse(name, now, out RunTag owner, out TimeSpan age)) return false;
        if (owner.Machine == RunTag.Current.Machine) return owner.HasEnded();
        // Nobody here can ask another machine. A file that is being written has a young time of its own.
        return age > LongestRest && now - DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(stat.MtimeSeconds, 0, now.ToUnixTimeSeconds())) > LongestRest;
    }

    /// <summary>Removes left-over temporary files once their directory is there and open to its owner.</summary>
    public static async Task RemoveAsync(
        IReplica destination, IReadOnlyList<RelativePath> leftovers, Task<bool> ready, CancellationToken cancellation)
    {
        if (!await ready.ConfigureAwait(false)) return;
        await Task.WhenAll(leftovers.Select(RemoveAsync)).ConfigureAwait(false);

        async Task RemoveAsync(RelativePath path)
        {
            try
            {
                await destination.RemoveFileAsync(path, cancellation).ConfigureAwait(false);
            }
            catch (ReplicaException)
            {
                // Gone already, or not ours to remove: no part of the transfer either way.
            }
        }
    }

    private static bool Holds(FileList list, ReadOnlySpan<byte> name)
    {
        foreach (ref readonly FileList.Entry entry in list.Entries)
        {
            if (list.NameOf(entry).SequenceEqual(name)) return true;
        }
        return false;
    }
}
