using System.Text;
using SyncHop.Cli.Reporting;
using SyncHop.Cli.Running;
using SyncHop.Engine;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Reporting.Json;
using SyncHop.Jobs.Snapshots;

namespace SyncHop.Cli.Jobs;

/// <summary>A run into a new snapshot: beside the others, linked to the newest, renamed when it is complete, and the surplus removed.</summary>
/// <param name="settings">How.</param>
/// <param name="options">The run's options.</param>
/// <param name="reports">Where it is told.</param>
internal sealed class SnapshotRun(SnapshotSettings settings, SyncOptions options, RunReports reports)
{
    private readonly SyncOptions _options = SnapshotSettings.Apply(options);

    // Names are local times: in autumn an hour comes twice.
    private static readonly TimeSpan s_mostAhead = TimeSpan.FromHours(2);

    // The same in all attempts of the run.
    private SnapshotName? _made;
    private ExitCode _code;

    /// <summary>Runs.</summary>
    /// <param name="request">The run, whose destination is the directory of the snapshots.</param>
    /// <param name="synchronize">Does the run proper.</param>
    /// <param name="cancellation">Ends it; what was made so far is continued by the next run.</param>
    public async Task<ExitCode> RunAsync(SyncRequest request, Func<SyncRequest, Task<ExitCode>> synchronize, CancellationToken cancellation)
    {
        using IReplica tree = request.DestinationHost.Open(request.Destination!);
        SnapshotTree snapshots = new(tree);
        try
        {
            SnapshotListing there = await snapshots.ListAsync(cancellation).ConfigureAwait(false);
            ExitCode cleared = await RemoveAsync(snapshots, Rest(there), cancellation).ConfigureAwait(false);
            // A connection that was lost afterwards does not undo a snapshot.
            if (_made is { } before && there.Complete.Contains(before)) return await FinishAsync(snapshots, there, before, cancellation).ConfigureAwait(false);
            SnapshotName? former = there.Partial.Count > 0 ? there.Partial[^1] : null;
            bool isFirst = _made is null;
            SnapshotName made = _made ??= SnapshotName.At(DateTime.Now, there.Newest);
            if (isFirst && former is { } begun) await ContinueAsync(snapshots, begun, made, cancellation).ConfigureAwait(false);
            // What would be continued is read where it is.
            SnapshotName read = _options.DryRun ? former ?? made : made;
            ExitCode code = _code = Graver(await synchronize(RequestFor(request, read, there)).ConfigureAwait(false), cleared);
            if (!settings.Completes(code))
            {
                if (_options.DryRun)
                    Tell("with such errors a run would complete no snapshot");
                else if ((await snapshots.ListAsync(cancellation).ConfigureAwait(false)).Partial.Contains(made))
                    Tell($"the snapshot stays {made}{SnapshotName.PartialSuffix}; the next run goes on with it");
                else
                    Tell("no snapshot was made");
                return code;
            }
            if (!_options.DryRun) await snapshots.CompleteAsync(made, cancellation).ConfigureAwait(false);
            return await FinishAsync(snapshots, there, made, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            throw new CommandException(ExitCode.FileIo, $"snapshots: {failure.Message}");
        }
    }

    /// <summary>What is left of snapshots that earlier runs removed or could not complete; the newest of the latter is continued.</summary>
    private static IEnumerable<(SnapshotName Name, string Suffix)> Rest(SnapshotListing there) =>
    [
        .. there.Removing.Select(static name => (name, SnapshotName.RemovingSuffix)),
        .. there.Partial.SkipLast(1).Select(static name => (name, SnapshotName.PartialSuffix)),
    ];

    private async Task ContinueAsync(SnapshotTree snapshots, SnapshotName former, SnapshotName name, CancellationToken cancellation)
    {
        if (_options.DryRun) return;
        if (former != name) await snapshots.ContinueAsync(former, name, cancellation).ConfigureAwait(false);
        if (_options.Verbosity > 0) Say($"continuing snapshot {former}{SnapshotName.PartialSuffix} as {name}{SnapshotName.PartialSuffix}");
    }

    /// <summary>Has <c>latest</c> point to a complete snapshot, and removes those that are surplus.</summary>
    private async Task<ExitCode> FinishAsync(SnapshotTree snapshots, SnapshotListing there, SnapshotName made, CancellationToken cancellation)
    {
        if (!_options.DryRun)
        {
            _code = Graver(_code, await LinkLatestAsync(snapshots, made, cancellation).ConfigureAwait(false));
            reports.Snapshot = made.ToString();
            if (_options.Verbosity > 0) Say($"completed snapshot {made}");
        }
        if (settings.Keep is not { } keep) return _code;
        if (there.Newest is { } newest && newest != made && newest.Time > DateTime.Now + s_mostAhead)
        {
            // All that follow are named right behind it: they would count as one hour, and each would replace the one before.
            Tell($"snapshot {newest} is of the future: nothing is removed while it is there; if the clock was wrong then, rename or remove it and those behind it");
            return Graver(_code, ExitCode.Partial);
        }
        ExitCode pruned = await RemoveAsync(snapshots, keep.Surplus([.. there.Complete.Where(name => name != made), made]).Select(static name => (name, "")), cancellation).ConfigureAwait(false);
        return Graver(_code, pruned);
    }

    /// <summary>The snapshot is complete without it, too, and what is surplus has to go.</summary>
    private async Task<ExitCode> LinkLatestAsync(SnapshotTree snapshots, SnapshotName made, CancellationToken cancellation)
    {
        try
        {
            if (await snapshots.LinkLatestAsync(made, cancellation).ConfigureAwait(false)) return ExitCode.Ok;
            Tell("what is called latest there is no symlink: it stays, and does not point to the newest snapshot");
        }
        catch (ReplicaException failure)
        {
            Tell($"latest cannot point to the newest snapshot: {failure.Message}");
        }
        return ExitCode.Partial;
    }

    /// <summary>The code that says more: files that vanished are nothing that went wrong.</summary>
    private static ExitCode Graver(ExitCode one, ExitCode other) => one is ExitCode.Ok || (one is ExitCode.Vanished && other != ExitCode.Ok) ? other : one;

    private SyncRequest RequestFor(SyncRequest request, SnapshotName name, SnapshotListing there)
    {
        byte[][] earlier = there.Newest is { } newest ? [Encoding.ASCII.GetBytes($"../{newest}")] : [];
        return request with
        {
            Destination = [.. request.Destination!.Length == 0 ? "."u8 : request.Destination!.AsSpan().TrimEnd((byte)'/'), .. Encoding.ASCII.GetBytes($"/{name}{SnapshotName.PartialSuffix}/")],
            Options = SnapshotSettings.Apply(request.Options) with { BasisDirectories = [.. earlier, .. _options.BasisDirectories] },
        };
    }

    private async Task<ExitCode> RemoveAsync(SnapshotTree snapshots, IEnumerable<(SnapshotName Name, string Suffix)> going, CancellationToken cancellation)
    {
        ExitCode code = ExitCode.Ok;
        foreach ((SnapshotName name, string suffix) in going)
        {
            try
            {
                if (!_options.DryRun) await snapshots.RemoveAsync(name, suffix, cancellation).ConfigureAwait(false);
                Count();
                if (_options.Json) reports.Output.Write(JsonReport.Removal(Encoding.ASCII.GetBytes(name + suffix), _options.DryRun));
                else if (_options.Verbosity > 0 || _options.DryRun) Say($"removing snapshot {name}{suffix}");
            }
            catch (ReplicaException failure)
            {
                // It keeps the name that says so, and the next run tries again.
                Tell($"snapshot {name} cannot be removed: {failure.Message}");
                code = ExitCode.Partial;
            }
        }
        return code;
    }

    /// <summary>Counts a snapshot that goes as the one entry that it is reported as.</summary>
    private void Count()
    {
        EntryCounts deleted = reports.Summary.Deleted;
        reports.Summary = reports.Summary with { Deleted = deleted with { Directories = deleted.Directories + 1 } };
    }

    private void Say(string line)
    {
        if (!_options.Json && !_options.Quiet) reports.Output.Write(Encoding.ASCII.GetBytes(line + "\n"));
    }

    private void Tell(string line) => SideConnector.WriteError(reports.Output, $"synchop: {line}");
}
