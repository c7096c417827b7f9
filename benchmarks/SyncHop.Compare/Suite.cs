using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SyncHop.Compare.Programs;
using SyncHop.LinkEmulator;

namespace SyncHop.Compare;

/// <summary>What is compared, and how often.</summary>
internal sealed record Plan
{
    public required IReadOnlyList<Cell> Cells { get; init; }
    public required IReadOnlyList<IProgram> Programs { get; init; }
    public required int Runs { get; init; }
    public required TimeSpan Limit { get; init; }

    /// <summary>After this time no further cell is begun.</summary>
    public required TimeSpan Time { get; init; }
}

/// <summary>
/// Runs every case at every link: run by run the programs take turns, so that what else the machine does hits all of them.
/// </summary>
internal sealed class Suite(Plan plan, Lab lab, string work, Action<string> say)
{
    // More than this for all runs of a program in a cell buys little: long runs differ little.
    private const double SecondsPerProgram = 60;

    // A peer that takes this many times as long as another is not the best one: the rest of it is not worth the wait.
    private const double Hopeless = 2;
    private const string Ours = "synchop";
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, string> Variables = new() { ["LC_ALL"] = "C.UTF-8" };

    private readonly Workspace _workspace = new(work, lab.RemoteHome);
    private readonly HashSet<(string Case, string Program)> _overdue = [];

    /// <summary>Runs them all.</summary>
    public List<Result> Run()
    {
        List<Result> results = [];
        long started = Stopwatch.GetTimestamp();
        foreach (Cell cell in plan.Cells)
        {
            string title = $"{cell.Case.Title}, {cell.Link.RoundTrip} ms, {cell.Link.RateText}";
            if (Stopwatch.GetElapsedTime(started) > plan.Time)
            {
                say($"{title}: left out, the time is over");
                continue;
            }
            say(title);
            results.AddRange(RunCell(cell));
        }
        return results;
    }

    private List<Result> RunCell(Cell cell)
    {
        (Case c, LinkName link, _) = cell;
        List<Result> results = [];
        List<IProgram> programs = [.. plan.Programs.Where(program => cell.Has(program.Name) && program.Command(Invocation(c, "", 0)) is not null)];
        foreach (IProgram program in programs) results.Add(new Result(c, link, program.Name));
        bool emulated = link is not { RoundTrip: 0, Rate: 0 };
        for (int run = 0; run < plan.Runs; run++)
        {
            foreach ((IProgram program, Result result) in programs.Zip(results))
                RunOnce(c, program, result, emulated ? Settings(link) : null, LimitFor(result, results));
        }
        // Without delay and limit the emulator would only cost CPU time; the bytes are counted in a run that is not timed.
        foreach ((IProgram program, Result result) in programs.Zip(results))
        {
            if (!emulated && result.Problem is null) CountBytes(c, program, result);
            say($"  {program.Name,-8} {(result.Seconds is { } s ? $"{s:F2} s" : "-"),10}  {result.Problem}");
        }
        return results;
    }

    private TimeSpan LimitFor(Result result, List<Result> all)
    {
        double? best = all.Where(other => other != result && other.Program != Ours).Min(other => other.Seconds);
        TimeSpan limit = result.Program == Ours || best is not { } seconds ? plan.Limit : TimeSpan.FromSeconds(seconds * Hopeless);
        return limit < ShortestLimit ? ShortestLimit : limit < plan.Limit ? limit : plan.Limit;
    }

    private void RunOnce(Case c, IProgram program, Result result, LinkSettings? settings, TimeSpan limit)
    {
        if (_overdue.Contains((c.Name, program.Name))) result.Problem = "skipped: took too long on a shorter link";
        if (result.Problem is not null || result.Costs.Sum(done => done.Seconds) > SecondsPerProgram) return;
        (Cost? cost, long bytes) = Measure(c, program, settings, limit);
        if (cost is null)
        {
            if (limit == plan.Limit) _overdue.Add((c.Name, program.Name));
            result.Problem = $"more than {limit.TotalSeconds:F0} s";
        }
        else if (cost.ExitCode != 0)
        {
            result.Problem = $"exit code {cost.ExitCode}";
        }
        else if (c.Job is Job.Push or Job.Pull or Job.PushChanged && result.Costs.Count == 0 && !_workspace.IsCopied(c))
        {
            result.Problem = "the copy is not the same";
        }
        else
        {
            result.Costs.Add(cost);
            if (settings is not null) result.WireBytes = bytes;
        }
    }

    private void CountBytes(Case c, IProgram program, Result result)
    {
        if (Measure(c, program, new LinkSettings(), plan.Limit) is ({ ExitCode: 0 }, var bytes)) result.WireBytes = bytes;
    }

    private (Cost? Cost, long Bytes) Measure(Case c, IProgram program, LinkSettings? settings, TimeSpan limit)
    {
        using (Links direct = lab.Open(null))
        {
            _workspace.Prepare(c, (source, destination) =>
                _ = WithTunnel(program, tunnel => Execute(program, new Invocation(Job.Push, source, destination, lab.Config, tunnel, work), TimeSpan.FromHours(1))));
        }
        using Links links = lab.Open(settings);
        return WithTunnel(program, tunnel =>
        {
            long before = links.Bytes;
            Cost? cost = Execute(program, Invocation(c, lab.Config, tunnel), limit);
            return (cost, links.Bytes - before);
        });
    }

    private Cost? Execute(IProgram program, Invocation run, TimeSpan limit) =>
        ChildProcess.Run(program.Command(run)!, work, Variables, Path.Combine(work, $"log-{program.Name}"), limit);

    private T WithTunnel<T>(IProgram program, Func<int, T> run)
    {
        if (!program.NeedsTunnel) return run(0);
        int port = FreePort();
        ChildProcess tunnel = new(
            ["ssh", "-F", lab.Config, "-N", "-o", "ExitOnForwardFailure=yes", "-L", $"127.0.0.1:{port}:127.0.0.1:{lab.TargetPort}", "gw"],
            work, Variables, Path.Combine(work, "log-tunnel"));
        try
        {
            WaitFor(port);
            return run(port);
        }
        finally
        {
            tunnel.Terminate();
        }
    }

    private Invocation Invocation(Case c, string config, int tunnel)
    {
        (string source, string destination) = c.Data is null ? ("", _workspace.Empty) : _workspace.Folders(c);
        return new Invocation(c.Job, source, destination, config, tunnel, work);
    }

    private static LinkSettings Settings(LinkName link) =>
        new() { Delay = TimeSpan.FromMilliseconds(link.RoundTrip / 2.0), BytesPerSecond = link.Rate };

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static void WaitFor(int port)
    {
        for (DateTime end = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < end; Thread.Sleep(20))
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                // ssh is still connecting.
            }
        }
        throw new InvalidOperationException("the tunnel through the gateway did not open");
    }
}
