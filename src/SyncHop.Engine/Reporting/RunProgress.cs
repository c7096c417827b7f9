using System.Collections.Concurrent;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine;

/// <summary>How far a run is: counters that any thread may look at while it goes on.</summary>
public sealed class RunProgress
{
    private readonly ConcurrentDictionary<long, byte[]> _current = new();
    private long _entries, _listed, _done, _read, _files, _next;
    private volatile bool _complete;
    private volatile BufferBudget? _buffers;

    /// <summary>How many entries of the source are known.</summary>
    public long EntriesListed => Interlocked.Read(ref _entries);

    /// <summary>The lengths of its regular files that are known.</summary>
    public long BytesListed => Interlocked.Read(ref _listed);

    /// <summary>Whether nothing will be added to these two.</summary>
    public bool IsListComplete => _complete;

    /// <summary>Of <see cref="BytesListed"/>, those of files that need nothing, and those that have been sent.</summary>
    public long BytesDone => Interlocked.Read(ref _done);

    /// <summary>Bytes of content that were read from the source.</summary>
    public long BytesRead => Interlocked.Read(ref _read);

    /// <summary>Bytes of content in memory: what was read and is still to be written, and room for what is being read.</summary>
    public long BytesHeld => _buffers?.Taken ?? 0;

    /// <summary>How many files have been sent.</summary>
    public long FilesTransferred => Interlocked.Read(ref _files);

    /// <summary>How long the rest will take at the rate so far; null where that cannot be told.</summary>
    /// <param name="elapsed">How long the run has taken.</param>
    public TimeSpan? TimeLeft(TimeSpan elapsed)
    {
        long done = BytesDone, left = BytesListed - done;
        return IsListComplete && done > 0 && left >= 0 ? elapsed * ((double)left / done) : null;
    }

    /// <summary>The raw names of files that are being sent, the longest on their way first.</summary>
    /// <param name="most">How many are wanted at most.</param>
    public IReadOnlyList<byte[]> Current(int most) => [.. _current.OrderBy(static file => file.Key).Take(most).Select(static file => file.Value)];

    /// <summary>Begins anew: an attempt that follows one whose connection was lost counts the whole tree again.</summary>
    internal void Restart()
    {
        _complete = false;
        foreach (long file in _current.Keys) _current.TryRemove(file, out _);
        Interlocked.Exchange(ref _entries, 0);
        Interlocked.Exchange(ref _listed, 0);
        Interlocked.Exchange(ref _done, 0);
    }

    internal void Watch(BufferBudget buffers) => _buffers = buffers;

    internal void CountListed(DirectoryNode node, int entries)
    {
        Interlocked.Add(ref _entries, entries);
        Interlocked.Add(ref _listed, Lengths(node));
    }

    internal void EndOfList() => _complete = true;

    /// <summary>Counts the files of a directory that need not be sent.</summary>
    internal void CountPlanned(DirectoryNode node, DirectoryPlan plan)
    {
        Interlocked.Add(ref _done, Lengths(node));
        CountToSend(plan);
    }

    /// <summary>Takes the files that the plan's present part sends out of the count.</summary>
    internal void CountToSend(DirectoryPlan plan)
    {
        long sent = 0;
        foreach (PlanItem item in plan.Items)
        {
            if (item.Action == PlanAction.Transfer) sent += item.Source.Size;
        }
        Interlocked.Add(ref _done, -sent);
    }

    internal long Begin(RelativePath path)
    {
        long number = Interlocked.Increment(ref _next);
        _current[number] = path.Bytes.ToArray();
        return number;
    }

    internal void CountRead(long bytes, long ofFile)
    {
        Interlocked.Add(ref _read, bytes);
        Interlocked.Add(ref _done, ofFile);
    }

    internal void End(long number, long rest)
    {
        if (_current.TryRemove(number, out _)) Interlocked.Add(ref _done, rest);
    }

    /// <summary>Counts a file that is there: one that failed is not, and one that is sent again after a lost connection is once.</summary>
    internal void CountTransferred() => Interlocked.Increment(ref _files);

    private static long Lengths(DirectoryNode node)
    {
        long lengths = 0;
        foreach (ref readonly FileList.Entry entry in node.Source.Entries)
        {
            if (entry.Stat.IsRegular) lengths += entry.Stat.Size;
        }
        return lengths;
    }
}
