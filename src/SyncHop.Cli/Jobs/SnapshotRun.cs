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

    // The same in all attempts of the run.
    private SnapshotName? _made;

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
            SnapshotName made = _made ??= await BeginAsync(snapshots, there, SnapshotName.At(DateTime.Now, there.Newest), cancellation).ConfigureAwait(false);
            ExitCode code = await synchronize(RequestFor(request, made, there)).ConfigureAwait(false);
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
            if (!_options.DryRun)
            {
                await snapshots.CompleteAsync(made, cancellation).ConfigureAwait(false);
                reports.Snapshot = made.ToString();
                if (_options.Verbosity > 0) Say($"completed snapshot {made}");
            }
            ExitCode pruned = await PruneAsync(snapshots, there, made, cancellation).ConfigureAwait(false);
            return code == ExitCode.Ok ? pruned : code;
        }
        catch (ReplicaException failure)
        {
            throw new CommandException(ExitCode.FileIo, $"snapshots: {failure.Message}");
        }
    }

    /// <summary>Makes the newest snapshot that was not completed, if there is one, this one.</summary>
    /// <returns>The name it is made under.</returns>
    private async Task<SnapshotName> BeginAsync(SnapshotTree snapshots, SnapshotListing there, SnapshotName name, CancellationToken cancellation)
    {
        if (there.Partial.Count == 0) return name;
        SnapshotName former = there.Partial[^1];
        if (_options.DryRun) return former;
        if (former != name) await snapshots.ContinueAsync(former, name, cancellation).ConfigureAwait(false);
        if (_options.Verbosity > 0) Say($"continuing snapshot {former}{SnapshotName.PartialSuffix} as {name}{SnapshotName.PartialSuffix}");
        return name;
    }

    private SyncRequest RequestFor(SyncRequest request, SnapshotName name, SnapshotListing there)
    {
        byte[][] earlier = there.Newest is { } newest ? [Encoding.ASCII.GetBytes($"../{newest}")] : [];
        return request with
        {
            Destination = [.. request.Destination!.AsSpan().TrimEnd((byte)'/'), .. Encoding.ASCII.GetBytes($"/{name}{SnapshotName.PartialSuffix}/")],
            Options = SnapshotSettings.Apply(request.Options) with { BasisDirectories = [.. earlier, .. _options.BasisDirectories] },
        };
    }

    private async Task<ExitCode> PruneAsync(SnapshotTree snapshots, SnapshotListing there, SnapshotName made, CancellationToken cancellation)
    {
        List<(SnapshotName Name, string Suffix)> going = [.. there.Removing.Select(static name => (name, SnapshotName.RemovingSuffix))];
        going.AddRange(there.Partial.SkipLast(1).Select(static name => (name, SnapshotName.PartialSuffix)));
        if (settings.Keep is { } keep) going.AddRange(keep.Surplus([.. there.Complete, made]).Select(static name => (name, "")));
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
