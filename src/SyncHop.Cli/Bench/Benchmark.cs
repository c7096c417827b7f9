using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SyncHop.Cli.Arguments;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Running;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Bench;

/// <summary><c>--bench</c>: measures the way to a directory on a host, and says what limits it.</summary>
/// <param name="sides">Connects.</param>
/// <param name="sftpCommand">What speaks SFTP on the last hop; null for its sftp subsystem.</param>
/// <param name="output">Where results go.</param>
/// <param name="json">Whether they are for a program.</param>
/// <param name="progress">Says what is being measured; cleared at the end.</param>
internal sealed class Benchmark(SideConnector sides, string? sftpCommand, IOutput output, bool json, BenchProgress progress)
{
    private const long Region = 32 << 20;
    private const int SmallFilesAtOnce = 64;
    private const int MostSmallFiles = 5000;
    private const int SmallFile = 4096;
    private static readonly int[] ConnectionCounts = [1, 2, 4, 8];
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Measuring = TimeSpan.FromMilliseconds(1500);

    /// <summary>Measures.</summary>
    /// <exception cref="CommandException">A hop failed, or nothing can be written there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was made has been removed.</exception>
    public async Task<ExitCode> RunAsync(RemoteEndpoint endpoint, CancellationToken cancellation)
    {
        using BenchProgress shown = progress;
        progress.Show("connecting");
        List<HopReport> hops = [];
        await using RemoteSide side = await sides.ConnectAsync(endpoint.Hops, hops.Add, cancellation).ConfigureAwait(false);
        try
        {
            BenchResult result = await MeasureAsync(side, endpoint.Path, hops, cancellation).ConfigureAwait(false);
            result = result with { Findings = Verdict.Of(result, Environment.ProcessorCount) };
            progress.Show("");
            output.Write(json ? [.. result.ToJson(), (byte)'\n'] : Encoding.UTF8.GetBytes(string.Concat(
                BenchText.Of(result).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => TerminalText.Escape(line) + "\n"))));
            return ExitCode.Ok;
        }
        catch (SftpException refused)
        {
            throw new CommandException(ExitCode.FileIo, $"{side.Name}: {refused.Message}");
        }
        catch (SftpConnectionException lost)
        {
            throw new CommandException(ExitCode.StreamIo, lost.InnerException is HopException hop ? hop.Message : $"{side.Name}: {lost.Message}");
        }
    }

    private async Task<BenchResult> MeasureAsync(
        RemoteSide side, byte[] typed, List<HopReport> hops, CancellationToken cancellation)
    {
        await side.Client.LimitsKnown.WaitAsync(cancellation).ConfigureAwait(false);
        byte[] path = await side.ExpandAsync(typed, cancellation).ConfigureAwait(false);
        TimeSpan roundTrip = hops[^1].RoundTrip ?? TimeSpan.Zero;
        await using BenchDirectory directory = await BenchDirectory.MakeAsync(side.Client, path, cancellation).ConfigureAwait(false);
        await using BenchSessions sessions = new(side.Chain, side.Client, sftpCommand);
        List<(SftpClient Client, SftpHandle Handle)> files = [];
        List<RateResult> upload = [], download = [];
        foreach (int count in ConnectionCounts)
        {
            progress.Show($"opening {count} connections");
            if (!await sessions.GrowAsync(count, cancellation).ConfigureAwait(false)) break;
            while (files.Count < count)
            {
                SftpClient client = sessions.Open[files.Count];
                files.Add((client, await directory.OpenAsync(client, $"large{files.Count}").ConfigureAwait(false)));
            }
            progress.Show($"upload, {count} connections");
            byte[] content = RandomNumberGenerator.GetBytes(PieceOf(side.Client));
            upload.Add(await RateAsync(files, roundTrip, Region, (client, handle, offset) => client.WriteAsync(handle, offset, content).AsTask(), cancellation).ConfigureAwait(false));
            progress.Show($"download, {count} connections");
            long there = long.MaxValue;
            foreach ((SftpClient client, SftpHandle handle) in files)
                there = Math.Min(there, (long)(await client.FStatAsync(handle, cancellation).ConfigureAwait(false)).Size);
            download.Add(await RateAsync(files, roundTrip, there, ReadAsync, cancellation).ConfigureAwait(false));
        }
        foreach ((SftpClient client, SftpHandle handle) in files) await client.CloseAsync(handle, cancellation).ConfigureAwait(false);
        progress.Show("small files");
        (int made, double filesPerSecond) = await MakeSmallFilesAsync(side.Client, directory, roundTrip, cancellation).ConfigureAwait(false);
        progress.Show($"listing {made} files");
        double entries = await ListAsync(side.Client, directory.Path, cancellation).ConfigureAwait(false);
        progress.Show("removing what was made");
        return new BenchResult
        {
            Path = ByteString.Decode(path.Length == 0 ? "."u8 : path),
            Hops = [.. hops.Select(static hop => new HopResult(hop.Hop, hop.Elapsed.TotalMilliseconds, RoundTripResult.Of(hop.RoundTrips)))],
            Upload = upload,
            Download = download,
            SmallFilesPerSecond = filesPerSecond,
            EntriesPerSecond = entries,
            ConnectionRefusal = sessions.Refusal,
        };
    }

    private static int PieceOf(SftpClient client) => Math.Min(client.Limits.WriteLength, client.Limits.ReadLength);

    private static async Task<RateResult> RateAsync(
        List<(SftpClient Client, SftpHandle Handle)> files, TimeSpan roundTrip, long length,
        Func<SftpClient, SftpHandle, long, Task> move, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Flow[] flows = [.. files.Select(file => new Flow(offset => move(file.Client, file.Handle, offset), PieceOf(file.Client), length, roundTrip))];
        Task[] running = [.. flows.Select(flow => flow.RunAsync(stop.Token))];
        Task failed = Task.WhenAny(running);
        await Task.WhenAny(failed, Task.Delay(WarmUp + (8 * roundTrip), cancellation)).ConfigureAwait(false);
        (long bytes, TimeSpan processor, long time) = (flows.Sum(static flow => flow.Bytes), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Task.WhenAny(failed, Task.Delay(Measuring + (6 * roundTrip), cancellation)).ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(time).TotalSeconds;
        RateResult result = new(
            files.Count, (flows.Sum(static flow => flow.Bytes) - bytes) / seconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds / seconds);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
        foreach (Flow flow in flows) flow.Dispose();
        cancellation.ThrowIfCancellationRequested();
        return result;
    }

    private static async Task ReadAsync(SftpClient client, SftpHandle handle, long offset)
    {
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(PieceOf(client));
        try
        {
            await client.ReadAsync(handle, offset, buffer.AsMemory(0, PieceOf(client))).ConfigureAwait(false);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<(int Made, double PerSecond)> MakeSmallFilesAsync(
        SftpClient client, BenchDirectory directory, TimeSpan roundTrip, CancellationToken cancellation)
    {
        byte[] content = RandomNumberGenerator.GetBytes(SmallFile);
        long started = Stopwatch.GetTimestamp();
        TimeSpan limit = Measuring + (6 * roundTrip);
        int next = 0, made = 0;
        await Task.WhenAll(Enumerable.Range(0, SmallFilesAtOnce).Select(_ => MakeAsync())).ConfigureAwait(false);
        return (made, made / Stopwatch.GetElapsedTime(started).TotalSeconds);

        async Task MakeAsync()
        {
            while (Stopwatch.GetElapsedTime(started) < limit && Interlocked.Increment(ref next) is var number && number <= MostSmallFiles)
            {
                cancellation.ThrowIfCancellationRequested();
                SftpHandle handle = await directory.OpenAsync(client, $"small{number}").ConfigureAwait(false);
                Task write = client.WriteAsync(handle, 0, content, CancellationToken.None).AsTask();
                await Task.WhenAll(write, client.CloseAsync(handle, CancellationToken.None).AsTask()).ConfigureAwait(false);
                Interlocked.Increment(ref made);
            }
        }
    }

    private static async Task<double> ListAsync(SftpClient client, byte[] path, CancellationToken cancellation)
    {
        Counter counter = new();
        long started = Stopwatch.GetTimestamp();
        await client.ListDirectoryAsync(path, counter, cancellation).ConfigureAwait(false);
        return counter.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private sealed class Counter : ISftpDirectorySink
    {
        public int Count { get; private set; }

        public void OnEntry(ReadOnlySpan<byte> name, in SftpAttributes attributes) => Count++;

        public void OnRefusedName(ReadOnlySpan<byte> name) => Count++;
    }
}
