using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Reads extended attributes and access control lists (<c>-X</c>, <c>-A</c>) of the entries that are compared, so that planning has
/// them. Which attributes take part is rsync's rule: for a superuser all but <c>system.*</c>, otherwise <c>user.*</c>, unless
/// filter rules for them (the modifier <c>x</c>) say it.
/// </summary>
internal sealed class ExtendedLoader
{
    private readonly bool _isWanted;
    private readonly ExtendedSelection _source;
    private readonly ExtendedPool _pool = new();

    /// <param name="options">The run's options.</param>
    /// <param name="isSuperuser">Whether the destination may be changed by a superuser; asked once there are names to judge, when a host has told it.</param>
    public ExtendedLoader(SyncOptions options, Func<bool> isSuperuser)
    {
        _isWanted = options.KeepsExtended && !options.ListOnly;
        // What rsync itself keeps in attributes stays where it is, unless -X is given twice. What a rule keeps from the receiving side does not come there.
        _source = Select(name => Takes(name, FilterSides.Sender) && Takes(name, FilterSides.Receiver) && (options.Xattrs > 1 || !name.AsSpan().StartsWith("user.rsync.%"u8)));
        Destination = Select(name => Takes(name, FilterSides.Receiver));

        ExtendedSelection Select(Predicate<byte[]> takes) => new(options.Acls, options.Xattrs > 0 ? takes : null);

        bool Takes(byte[] name, FilterSides side) =>
            options.Filters.TakesAttribute(name, side) ?? (isSuperuser() ? !name.AsSpan().StartsWith("system."u8) : name.AsSpan().StartsWith("user."u8));
    }

    /// <summary>Which of the destination's take part.</summary>
    public ExtendedSelection Destination { get; }

    /// <summary>A source's directory with what it has.</summary>
    /// <exception cref="ReplicaException">That cannot be read.</exception>
    public ValueTask<FileStat> OfSourceAsync(in FileStat stat, Origin origin, CancellationToken cancellation) => LoadAsync(stat, origin.Replica, origin.Path, _source, cancellation);

    /// <summary>A directory of the destination, or of an earlier copy, with what it has.</summary>
    /// <exception cref="ReplicaException">That cannot be read.</exception>
    public ValueTask<FileStat> OfDestinationAsync(in FileStat stat, IReplica tree, RelativePath path, CancellationToken cancellation) =>
        LoadAsync(stat, tree, path, Destination, cancellation);

    /// <summary>Reads what the entries of a directory have, on the source, on the destination and in earlier copies.</summary>
    /// <param name="node">The directory, listed.</param>
    /// <param name="destination">The destination's tree.</param>
    /// <param name="fail">Told of what cannot be read. An entry of the source is then left out, as in rsync.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task LoadAsync(DirectoryNode node, IReplica destination, Action<ScanFailure> fail, CancellationToken cancellation)
    {
        if (!_isWanted) return;
        HashSet<int> unread = [];
        for (int i = 0; i < node.Source.Count; i++)
        {
            FileList.Entry entry = node.Source.Entries[i];
            Origin origin = node.OriginsOf(entry)[0].Join(node.Source.NameOf(entry));
            try
            {
                FileStat stat = await OfSourceAsync(entry.Stat, origin, cancellation).ConfigureAwait(false);
                if (stat.Extended is not null) node.Source.SetStat(i, stat);
            }
            catch (ReplicaException failure)
            {
                unread.Add(entry.Record);
                fail(new ScanFailure(OnSource: true, origin.Replica.FullPath(origin.Path), failure));
                continue;
            }
            RelativePath path = node.DestinationPath.Join(node.DestinationNameOf(entry));
            await LoadAsync(node.Destination, destination, path, fail, cancellation).ConfigureAwait(false);
            foreach (BasisDirectory directory in node.Basis) await LoadAsync(directory.Files, directory.Tree, path, fail, cancellation).ConfigureAwait(false);
        }
        if (unread.Count > 0) node.Source.RemoveWhere((in FileList.Entry entry) => unread.Contains(entry.Record));
    }

    private async ValueTask LoadAsync(FileList list, IReplica tree, RelativePath path, Action<ScanFailure> fail, CancellationToken cancellation)
    {
        int found = FileListOrder.Find(list, path.Name);
        if (found < 0) return;
        try
        {
            FileStat stat = await OfDestinationAsync(list.Entries[found].Stat, tree, path, cancellation).ConfigureAwait(false);
            if (stat.Extended is not null) list.SetStat(found, stat);
        }
        catch (ReplicaException failure)
        {
            fail(new ScanFailure(OnSource: false, tree.FullPath(path), failure));
        }
    }

    private ValueTask<FileStat> LoadAsync(in FileStat stat, IReplica tree, RelativePath path, ExtendedSelection selection, CancellationToken cancellation)
    {
        return _isWanted ? ReadAsync(stat) : ValueTask.FromResult(stat);

        async ValueTask<FileStat> ReadAsync(FileStat stat) =>
            stat with { Extended = _pool.Share(await tree.ReadExtendedAsync(path, stat.Type, selection, cancellation).ConfigureAwait(false)) };
    }
}
