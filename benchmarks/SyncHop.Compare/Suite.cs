using System.Net;
using System.Net.Sockets;
using SyncHop.Compare.Programs;
using SyncHop.LinkEmulator;

namespace SyncHop.Compare;

/// <summary>What is compared, and how often.</summary>
internal sealed record Plan
{
    public required IReadOnlyList<Case> Cases { get; init; }
    public required IReadOnlyList<LinkName> Links { get; init; }
    public required IReadOnlyList<IProgram> Programs { get; init; }
    public required int Runs { get; init; }
    public required TimeSpan Limit { get; init; }
}

/// <summary>
/// Runs every case at every link: run by run the programs take turns, so that what else the machine does hits all of them.
/// </summary>
internal sealed class Suite(Plan plan, Lab lab, string work, Action<string> say)
{
    private static readonly Dictionary<string, string> Variables = new() { ["LC_ALL"] = "C.UTF-8" };

    private readonly Workspace _workspace = new(work, lab.RemoteHome);
    private readonly HashSet<(string Case, string Program)> _overdue = [];

    /// <summary>Runs them all.</summary>
    public List<Result> Run()
    {
        List<Result> results = [];
        foreach (Case c in plan.Cases)
        {
            foreach (LinkName link in plan.Links)
            {
                say($"{c.Title}, {link.RoundTrip} ms, {link.RateText}");
                results.AddRange(RunCase(c, link));
            }
        }
        return results;
    }

    private List<Result> RunCase(Case c, LinkName link)
    {
        List<Result> results = [];
        List<IProgram> programs = [.. plan.Programs.Where(program => program.Command(Invocation(c, "", 0)) is not null)];
        foreach (IProgram program in programs) results.Add(new Result(c, link, program.Name));
        bool emulated = link is not { RoundTrip: 0, Rate: 0 };
        for (int run = 0; run < plan.Runs; run++)
        {
            foreach ((IProgram program, Result result) in programs.Zip(results)) RunOnce(c, program, result, emulated ? Settings(link) : null);
        }
        // Without delay and limit the emulator would only cost CPU time; the bytes are counted in a run that is not timed.
        foreach ((IProgram program, Result result) in programs.Zip(results))
        {
            if (!emulated && result.Problem is null) CountBytes(c, program, result);
            say($"  {program.Name,-8} {(result.Seconds is { } s ? $"{s:F2} s" : "-"),10}  {result.Problem}");
        }
        return results;
    }

    private void RunOnce(Case c, IProgram program, Result result, LinkSettings? settings)
    {
        if (_overdue.Contains((c.Name, program.Name))) result.Problem = "skipped: took too long on a shorter link";
        if (result.Problem is not null) return;
        (Cost? cost, long bytes) = Measure(c, program, settings);
        if (cost is null)
        {
            _overdue.Add((c.Name, program.Name));
            result.Problem = $"more than {plan.Limit.TotalSeconds:F0} s";
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
        if (Measure(c, program, new LinkSettings()) is ({ ExitCode: 0 }, var bytes)) result.WireBytes = bytes;
    }

    private (Cost? Cost, long Bytes) Measure(Case c, IProgram program, LinkSettings? settings)
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
            Cost? cost = Execute(program, Invocation(c, lab.Config, tunnel), plan.Limit);
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
