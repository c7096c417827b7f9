using System.Text;
using SyncHop.Cli.Arguments;
using SyncHop.Cli.Bench;
using SyncHop.Cli.Checking;
using SyncHop.Cli.Completing;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Options;
using SyncHop.Cli.Jobs;
using SyncHop.Cli.Live;
using SyncHop.Cli.Reporting;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Scanning;
using SyncHop.Engine.Signatures;
using SyncHop.Jobs.Locking;
using SyncHop.Replicas.Local;
using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Running;

/// <summary>Puts the rooms together: the one place that knows all of them.</summary>
internal static class Composition
{
    /// <summary>Does what the user asked for.</summary>
    /// <exception cref="CommandException">A hop could not be reached.</exception>
    /// <exception cref="ReplicaLostException">A connection was lost.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<ExitCode> RunAsync(
        Invocation invocation, RunReports reports, LogFile? log, TerminalPrompt terminal, CancellationToken cancellation)
    {
        IOutput output = reports.Output;
        (Operands operands, SyncOptions options, SshOptions ssh) = invocation;
        HopPrompt prompt = new(terminal, AskPass.FromEnvironment(), output, ssh.Batch, options.Quiet, cancellation) { Answers = invocation.Unattended.Answers };
        await using LocalHost local = new() { KeepsAccessTimes = options.OpenNoAtime };
        SideConnector connector = new(ssh, prompt, output, options.Quiet ? 0 : options.Verbosity)
        {
            Rates = invocation.Unattended.Bandwidth is { } now ? (new RateLimit(now), new RateLimit(now)) : options.BandwidthLimit > 0 ? (new RateLimit(options.BandwidthLimit), new RateLimit(options.BandwidthLimit)) : null,
            // What was sent and not acknowledged is kept, and some of it waits in the channel a second time.
            BytesInFlight = options.BufferSize / 3 / ConnectionRule.Most,
            ListingBytes = options.MaxAlloc,
        };
        connector.VerifyHopNames(operands.SourceHops, operands.DestinationHops);
        using RunLock? runLock = await DestinationLock.AcquireAsync(invocation, output, cancellation).ConfigureAwait(false);
        DateTimeOffset begun = DateTimeOffset.UtcNow;
        byte[]? names = invocation.Names is { Side: NameFileSide.Here } list ? list.Read(options.InsecureLinks) : null;
        await using Deadline deadline = new(options.StopAt, options.StopAfter, cancellation);
        Attempts attempts = new(invocation, output);
        Resumption? resumption = attempts.Resumption;
        SnapshotRun? snapshot = invocation.Unattended.Snapshots is { } settings ? new SnapshotRun(settings, options, reports) : null;
        WireBytes spent = default;
        try
        {
            return await attempts.RunAsync(AttemptAsync, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception) when (deadline.HasPassed)
        {
            output.WriteError("stopping at requested limit\n"u8);
            return ExitCode.Timeout;
        }
        finally
        {
            if (resumption is not null) await resumption.DiscardAsync(local).ConfigureAwait(false);
        }

        async Task<ExitCode> AttemptAsync(Action connected)
        {
            await using RemoteSides sides = await ConnectAsync(connector, invocation, output, deadline.Token).ConfigureAwait(false);
            connected();
            reports.Sides = sides;
            await using StallWatch watch = new(sides, ssh.IoTimeout ?? TimeSpan.Zero, resumption, deadline.Token);
            try
            {
                SyncRequest request = await RequestAsync(invocation, names, begun, sides, local, watch.Token).ConfigureAwait(false);
                request = request with
                {
                    Log = log is null ? null : log.Write,
                    Resumption = resumption,
                    WireBytes = sides.Any ? () => spent + sides.WireBytes() : null,
                };
                if (options.SignatureTask != SignatureTask.None) return await new SignatureKeeper(request, output).RunAsync(watch.Token).ConfigureAwait(false);
                return snapshot is null
                    ? await SynchronizeAsync(request, reports, watch.Token, cancellation).ConfigureAwait(false)
                    : await snapshot.RunAsync(request, each => SynchronizeAsync(each, reports, watch.Token, cancellation), watch.Token).ConfigureAwait(false);
            }
            catch (Exception) when (watch.HasStalled)
            {
                // What the run was doing when it was ended does not matter.
                throw new ReplicaLostException($"io timeout after {ssh.IoTimeout!.Value.TotalSeconds:F0} seconds: nothing came from {sides.Names}", timedOut: true);
            }
            catch (ReplicaLostException lost) when (lost.InnerException is SftpConnectionException { InnerException: not HopException })
            {
                // The hop chain names the hop that broke; the SFTP session does not know whose it is.
                throw new ReplicaLostException(await sides.DescribeLossAsync(lost.Message).ConfigureAwait(false), lost.TimedOut, lost.InnerException);
            }
            finally
            {
                spent += sides.WireBytes();
                reports.Sides = null;
            }
        }
    }

    private static async Task<RemoteSides> ConnectAsync(
        SideConnector connector, Invocation invocation, IOutput output, CancellationToken cancellation)
    {
        (Operands operands, SyncOptions options, SshOptions ssh) = invocation;
        bool tells = options.Verbosity >= 2 && !options.Quiet;
        Action<HopReport>? report = tells ? hop => SideConnector.WriteError(output, hop.ToString()) : null;
        RemoteSides sides = await RemoteSides.ConnectAsync(
            operands.SourceHops.Count == 0 ? null : () => connector.ConnectAsync(operands.SourceHops, report, cancellation),
            operands.DestinationHops.Count == 0 ? null : () => connector.ConnectAsync(operands.DestinationHops, report, cancellation)).ConfigureAwait(false);
        bool keepsToOne = options.OneFileSystem > 0;
        sides.Source?.Host.WantsFileSystems = keepsToOne;
        // There only what would be removed is looked at.
        sides.Destination?.Host.WantsFileSystems = keepsToOne && (options.Delete || options.Force);
        if (ssh.Compress && sides.Any && tells) output.WriteError("synchop: --compress: SSH compresses (zlib) on the final host\n"u8);
        Action<string>? tell = tells ? line => SideConnector.WriteError(output, "synchop: " + line) : null;
        if (options is { DryRun: false, ListOnly: false })
        {
            sides.Source?.StartGrowing(ssh.Connections, tell);
            sides.Destination?.StartGrowing(ssh.Connections, tell);
        }
        return sides;
    }

    /// <summary>Does the run proper.</summary>
    /// <param name="request">The run.</param>
    /// <param name="reports">Takes what it did.</param>
    /// <param name="cancellation">Ends it for any reason.</param>
    /// <param name="signal">Whether it was a signal: then nothing follows, and what was done is told.</param>
    private static async Task<ExitCode> SynchronizeAsync(SyncRequest request, RunReports reports, CancellationToken cancellation, CancellationToken signal)
    {
        Synchronizer synchronizer = new(request with { Progress = reports.Progress }, reports.Output);
        try
        {
            return await synchronizer.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch when (signal.IsCancellationRequested)
        {
            synchronizer.TellInterrupted();
            throw;
        }
        finally
        {
            reports.Summary = synchronizer.Summary;
        }
    }

    /// <summary>The names of a list on another host.</summary>
    /// <exception cref="CommandException">It cannot be read.</exception>
    private static async Task<byte[]?> ReadNamesAsync(NameFile? file, RemoteSides sides, CancellationToken cancellation)
    {
        if ((file?.Side == NameFileSide.Source ? sides.Source : sides.Destination) is not { } side || file is null) return null;
        try
        {
            return await NameList.ReadAsync(side.Host, await side.ExpandAsync(file.Path, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            throw file.Failure(failure.Reason);
        }
    }

    private static async Task<SyncRequest> RequestAsync(
        Invocation invocation, byte[]? names, DateTimeOffset begun, RemoteSides sides, LocalHost local, CancellationToken cancellation)
    {
        (Operands operands, SyncOptions options, _) = invocation;
        names ??= await ReadNamesAsync(invocation.Names, sides, cancellation).ConfigureAwait(false);
        IReplicaHost sourceHost = sides.Source is null ? local : sides.Source.Host;
        IReplicaHost destinationHost = sides.Destination is null
            ? operands.Destination is null ? sourceHost : options.InsecureLinks ? local : local.Guarded()
            : sides.Destination.Host;
        List<byte[]> sources = [];
        foreach (byte[] source in operands.Sources) sources.Add(await ExpandAsync(sides.Source, source, cancellation).ConfigureAwait(false));
        return new SyncRequest
        {
            SourceHost = sourceHost,
            Names = names is null ? null : NameList.Parse(names, invocation.Names!.EndsAtNul),
            WayHost = sides.Source is not null || options.InsecureLinks ? null : local.Guarded(followsOthers: names is null, latestLink: begun),
            Sources = sources,
            DestinationHost = destinationHost,
            Destination = operands.Destination is null ? null : await ExpandAsync(sides.Destination, operands.Destination, cancellation).ConfigureAwait(false),
            SourceName = RouteOf(operands.SourceHops, sides.Source),
            DestinationName = RouteOf(operands.DestinationHops, sides.Destination),
            Here = local,
            SignatureDirectory = Environment.GetEnvironmentVariable("HOME") is ['/', ..] home
                ? ByteString.Encode(home + "/.cache/synchop/signatures")
                : null,
            Options = options with { Utf8Locale = Locale.IsUtf8, Umask = Posix.GetUmask() },
        };
    }

    /// <summary>Checks or measures the way to hosts instead of a run.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<ExitCode> CheckAsync(CheckInvocation check, StandardOutput output, TerminalPrompt terminal, CancellationToken cancellation)
    {
        HopPrompt prompt = new(terminal, AskPass.FromEnvironment(), output, check.Ssh.Batch, check.Options.Quiet, cancellation);
        SideConnector connector = new(check.Ssh, prompt, output, check.Options.Verbosity);
        connector.VerifyHopNames([.. check.Endpoints.Select(each => each.Endpoint.Hops)]);
        if (check.Ssh.Bench)
        {
            return new Benchmark(connector, check.Ssh.SftpCommand, output, check.Options.Json, new BenchProgress(output, Posix.IsTerminal(2) == 1 && LiveRule.CanDraw(Environment.GetEnvironmentVariable)))
                .RunAsync(check.Endpoints[0].Endpoint, cancellation);
        }
        return new EndpointCheck(connector, output).RunAsync(check.Endpoints, !check.Options.DryRun, check.Ssh.ConnectTimeout, cancellation);
    }

    /// <summary>Answers a shell's question: a line for each word, nothing else.</summary>
    /// <exception cref="CommandException">It cannot be answered.</exception>
    public static async Task<ExitCode> CompleteAsync(CompletionRequest request, IOutput output, TerminalPrompt terminal, CancellationToken cancellation)
    {
        HopPrompt prompt = new(terminal, askPass: null, output, batch: true, quiet: true, cancellation);
        Completer completer = new(new SideConnector(request.Hosts, prompt, output, verbosity: 0));
        foreach (string word in await completer.FindAsync(request, cancellation).ConfigureAwait(false))
            output.Write([.. ByteString.Encode(word), (byte)'\n']);
        return ExitCode.Ok;
    }

    private static ValueTask<byte[]> ExpandAsync(RemoteSide? side, byte[] path, CancellationToken cancellation) =>
        side is null ? ValueTask.FromResult(path) : side.ExpandAsync(path, cancellation);

    /// <summary>The way to a host and the account there: the same name behind another gateway may be another host. Empty for this machine.</summary>
    private static byte[] RouteOf(IReadOnlyList<HopAddress> hops, RemoteSide? side) => side is null
        ? []
        : Encoding.UTF8.GetBytes($"{string.Join(',', hops.Select(static hop => hop.Port is int port ? $"{hop.Host}:{port}" : hop.Host))} {side.User}");
}
