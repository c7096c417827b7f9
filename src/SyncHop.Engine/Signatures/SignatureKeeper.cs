using System.Collections.Concurrent;
using SyncHop.Delta;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution;
using SyncHop.Engine.Execution.Delta;
using SyncHop.Engine.Reporting;

namespace SyncHop.Engine.Signatures;

/// <summary>What is done with the signature store by itself: <c>--sign</c> and <c>--prune-signatures</c>.</summary>
public sealed class SignatureKeeper
{
    private const int FilesAtOnce = 8;
    private const int EntriesAtOnce = 64;

    private readonly SyncRequest _request;
    private readonly IReplicaHost _host;
    private readonly IOutput _output;
    private readonly NameEscaper _escaper;
    private readonly Problems _problems;
    private readonly SigningCopier _copier;
    private readonly ConcurrentDictionary<string, byte> _told = new();

    /// <param name="request">The host and the paths, as sources.</param>
    /// <param name="output">Where text goes.</param>
    public SignatureKeeper(SyncRequest request, IOutput output)
    {
        ArgumentNullException.ThrowIfNull(request);
        _request = request;
        _host = request.SourceHost;
        _copier = new SigningCopier(new BufferBudget(request.Options.BufferBytes));
        _output = output;
        _escaper = new NameEscaper(request.Options.Utf8Locale, request.Options.EightBitOutput);
        _problems = new Problems(output, _escaper);
    }

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="ReplicaLostException">A connection was lost.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ExitCode> RunAsync(CancellationToken cancellation)
    {
        using SignatureStores? stores = SignatureStores.Open(_request, _host, _request.SourceName);
        if (stores is null)
        {
            _problems.Failed("synchop: there is no signature store: --signature-store=none, or HOME is not set", []);
            return _problems.ExitCode;
        }
        if (_request.Options.SignatureTask == SignatureTask.Prune)
        {
            foreach (SignatureStore store in stores.All) await PruneAsync(store, cancellation).ConfigureAwait(false);
            return _problems.ExitCode;
        }
        foreach (byte[] source in _request.Sources) await SignArgumentAsync(source, stores, cancellation).ConfigureAwait(false);
        return _problems.ExitCode;
    }

    private async Task PruneAsync(SignatureStore store, CancellationToken cancellation)
    {
        if (await store.ListAsync(cancellation).ConfigureAwait(false) is not { } names) return;
        using IReplica files = _host.Open("/"u8.ToArray());
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = EntriesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(names, parallel, async (name, stop) =>
        {
            try
            {
                (bool isOurs, byte[]? path) = await store.PathOfAsync(name, stop).ConfigureAwait(false);
                if (!isOurs) return;
                RelativePath file = new(path is [(byte)'/', .. byte[] rest] ? rest : []);
                if (!file.IsRoot && await files.StatAsync(file, followLink: false, stop).ConfigureAwait(false) is { IsRegular: true }) return;
                byte[] told = path ?? name;
                if (_request.Options.DryRun)
                {
                    // Two stores may have it, or be one directory.
                    if (_told.TryAdd(Convert.ToHexString(told), 0)) Say("would remove the signature of ", told);
                    return;
                }
                await store.RemoveEntryAsync(name, stop).ConfigureAwait(false);
                Say("removed the signature of ", told);
            }
            catch (ReplicaException failure)
            {
                _problems.Failed("synchop", failure.Operation, name, failure);
            }
        }).ConfigureAwait(false);
    }

    private async Task SignArgumentAsync(byte[] source, SignatureStores stores, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> typed = source.AsMemory();
        while (typed.Length > 1 && typed.Span[^1] == '/') typed = typed[..^1];
        IReplica tree = _host.Open(typed.ToArray());
        try
        {
            FileStat? stat = await tree.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
            RelativePath start = RelativePath.Root;
            if (stat is { IsDirectory: false })
            {
                // Its directory is the tree: the path is that of the directory, resolved, and the name.
                int slash = typed.Span.LastIndexOf((byte)'/');
                tree.Dispose();
                tree = _host.Open(slash < 0 ? [] : typed[..Math.Max(1, slash)].ToArray());
                start = new RelativePath(typed[(slash + 1)..].ToArray());
            }
            await SignTreeAsync(tree, start, stores, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            _problems.Failed("synchop", failure.Operation, source, failure);
        }
        finally
        {
            tree.Dispose();
        }
    }

    private async Task SignTreeAsync(IReplica tree, RelativePath start, SignatureStores stores, CancellationToken cancellation)
    {
        FileStat first = await tree.StatAsync(start, followLink: start.IsRoot, cancellation).ConfigureAwait(false)
            ?? throw new ReplicaException(ReplicaError.NotFound, "stat", "No such file or directory (2)");
        HostPath paths = new(tree);
        // Asking makes a file.
        long clock = _request.Options.DryRun ? 0 : await stores.ClockAsync(cancellation).ConfigureAwait(false);
        Stack<RelativePath> directories = [];
        List<RelativePath> files = [];
        if (first.IsDirectory) directories.Push(start);
        else files.Add(start);
        while (directories.TryPop(out RelativePath directory))
        {
            FileList list;
            try
            {
                list = await tree.ListAsync(directory, linkTargets: false, cancellation).ConfigureAwait(false);
            }
            catch (ReplicaException failure)
            {
                _problems.Failed("synchop", failure.Operation, tree.FullPath(directory), failure);
                continue;
            }
            foreach (ref readonly FileList.Entry entry in list.Entries)
            {
                if (entry.IsDirectory) directories.Push(directory.Join(list.NameOf(entry)));
                else if (entry.Stat.IsRegular && entry.Stat.Size >= DeltaSender.SmallestFile) files.Add(directory.Join(list.NameOf(entry)));
            }
        }
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(files, parallel, async (file, stop) =>
        {
            try
            {
                await SignFileAsync(tree, file, paths, stores, clock, stop).ConfigureAwait(false);
            }
            catch (ReplicaException failure)
            {
                _problems.Failed("synchop", failure.Operation, tree.FullPath(file), failure);
            }
        }).ConfigureAwait(false);
    }

    private async Task SignFileAsync(
        IReplica tree, RelativePath file, HostPath paths, SignatureStores stores, long clock, CancellationToken cancellation)
    {
        if (await paths.OfAsync(file, cancellation).ConfigureAwait(false) is not { } path)
            throw new ReplicaException(ReplicaError.Other, "realpath", "the host does not tell the absolute path");
        ISourceFile source = await tree.OpenReadAsync(file, cancellation).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            FileStat before = await source.StatAsync(cancellation).ConfigureAwait(false);
            if (!before.IsRegular || before.Size < DeltaSender.SmallestFile)
            {
                Say("too small to be signed: ", path);
                return;
            }
            if (await stores.FindAsync(path, before, cancellation).ConfigureAwait(false) is not null) return;
            if (_request.Options.DryRun)
            {
                Say("would sign ", path);
                return;
            }
            FileSignature signature = await _copier
                .SignAsync(source, _host.Traits.IsLocal, before.Size, _request.Options.BlockSize, cancellation).ConfigureAwait(false);
            FileStat after = await source.StatAsync(cancellation).ConfigureAwait(false);
            SignatureEntry entry = new(path, before.Size, before.MtimeSeconds, clock, signature);
            if (after.Size != before.Size || after.MtimeSeconds != before.MtimeSeconds || !entry.IsTrustworthy)
                _problems.Failed("synchop: not signed, as it has only just been changed: \"", path, "\"");
            else if (!await stores.PutAsync(entry, cancellation).ConfigureAwait(false))
                _problems.Failed("synchop: cannot store the signature of \"", path, "\"");
            else
                Say("signed ", path);
        }
    }

    private void Say(string what, ReadOnlySpan<byte> path)
    {
        if (_request.Options.Verbosity > 0) _output.Write(new LineBuilder(_escaper).Text(what).Bytes(path).ToLine());
    }
}
