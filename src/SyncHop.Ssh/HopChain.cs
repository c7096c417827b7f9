using SyncHop.Ssh.Configuration;
using SyncHop.Ssh.Transport;

namespace SyncHop.Ssh;

/// <summary>
/// A final host reached through any number of gateways, each an SSH session of its own whose port forwarding
/// carries the next.
/// </summary>
public sealed class HopChain : IAsyncDisposable
{
    private readonly HopConnector _connector;
    private readonly IUserPrompt _prompt;
    private readonly List<HopConnection> _hops = [];
    private readonly List<HopReport> _reports = [];
    private readonly Lock _lock = new();
    private readonly List<SshChannel> _channels = [];
    private bool _disposed;

    private HopChain(HopConnector connector, IUserPrompt prompt) => (_connector, _prompt) = (connector, prompt);

    /// <summary>How each hop was reached.</summary>
    public IReadOnlyList<HopReport> Reports => _reports;

    /// <summary>The name of the final host as messages show it.</summary>
    public string Target => _hops[^1].Settings.Display;

    /// <summary>The login name on the final host.</summary>
    public string TargetUser => _hops[^1].Settings.User;

    /// <summary>Connects to the last hop through all others, in order.</summary>
    /// <param name="hops">At least one. Only the first is resolved here, each other by the hop before it. Where
    /// ssh_config's ProxyJump names gateways for the first, they go before it.</param>
    /// <param name="settings">What holds for all hops.</param>
    /// <param name="prompt">Where questions and warnings go.</param>
    /// <param name="cancellationToken">Breaks off at once.</param>
    /// <param name="reached">Is told of each hop as soon as it is reached; null for nobody.</param>
    /// <exception cref="HopException">A hop failed; the message names it.</exception>
    public static async Task<HopChain> ConnectAsync(
        IReadOnlyList<Hop> hops, SshSettings settings, IUserPrompt prompt, CancellationToken cancellationToken,
        Action<HopReport>? reached = null)
    {
        ArgumentNullException.ThrowIfNull(hops);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfZero(hops.Count);
        IReadOnlyList<HopSettings> plan = HopPlan.Create(hops, settings, prompt.Warn);
        var chain = new HopChain(new HopConnector(settings, plan, prompt), prompt);
        try
        {
            for (int number = 1; number <= plan.Count; number++)
            {
                HopConnection? gateway = chain._hops.LastOrDefault();
                (HopConnection connection, HopReport report) =
                    await chain._connector.ConnectAsync(number, gateway, cancellationToken).ConfigureAwait(false);
                chain._hops.Add(connection);
                connection.StartKeepAlive(gateway, chain.IsStalled);
                if (settings.MeasuresRoundTrips)
                    report = report with { RoundTrip = await chain.MeasureAsync(connection, cancellationToken).ConfigureAwait(false) };
                chain._reports.Add(report);
                reached?.Invoke(report);
            }

            return chain;
        }
        catch
        {
            await chain.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The hops that <see cref="ConnectAsync"/> would go through, with those that ssh_config puts before the first.</summary>
    /// <exception cref="HopException">ssh_config is wrong.</exception>
    public static IReadOnlyList<Hop> RouteTo(IReadOnlyList<Hop> hops, SshSettings settings) =>
        [.. HopPlan.Create(hops, settings, static _ => { }).Select(hop => hop.Hop)];

    /// <summary>Starts a subsystem of the final host's sshd, such as <c>sftp</c> (RFC 4254, section 6.5).</summary>
    /// <exception cref="HopException">The host refuses, does not answer in time, or was lost.</exception>
    public Task<SshChannel> OpenSubsystemAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return OpenAsync(
            channel => SshNetInternals.SendSubsystemRequest(channel, name),
            $"the host does not offer the subsystem \"{name}\"",
            cancellationToken);
    }

    /// <summary>Runs a command on the final host, by the user's shell there (RFC 4254, section 6.5).</summary>
    /// <exception cref="HopException">The host refuses, does not answer in time, or was lost.</exception>
    public Task<SshChannel> OpenCommandAsync(string command, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        return OpenAsync(
            channel => SshNetInternals.SendExecRequest(channel, command),
            $"the host does not run \"{Printable.Line(command)}\"",
            cancellationToken);
    }

    private async Task<TimeSpan?> MeasureAsync(HopConnection hop, CancellationToken cancellationToken)
    {
        TimeSpan? shortest = await RoundTripMeter.MeasureAsync(hop.Session, cancellationToken).ConfigureAwait(false);
        return Loss() is { } loss ? throw loss : shortest;
    }

    private async Task<SshChannel> OpenAsync(
        Func<object, bool> request, string refusal, CancellationToken cancellationToken)
    {
        HopConnection target = _hops[^1];
        using var deadline = new HopDeadline(target.Settings.ConnectTimeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await Task.Run(() => Open(target, request, refusal), CancellationToken.None).WaitAsync(linked.Token)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is not HopException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Loss() is { } loss) throw loss;
            (HopFailureKind kind, string reason) = deadline.IsOver
                ? HopFailure.TimedOut(deadline)
                : (HopFailureKind.Channel, "the host does not open a session channel");
            throw _connector.Failure(target.Number, kind, reason);
        }
    }

    /// <summary>Closes everything, the final host first, without waiting for the network.</summary>
    public async ValueTask DisposeAsync()
    {
        SshChannel[] channels;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            channels = [.. _channels];
        }

        foreach (SshChannel channel in channels) channel.Abandon();
        await Task.Run(() =>
        {
            for (int i = _hops.Count - 1; i >= 0; i--) _hops[i].Dispose();
        }).ConfigureAwait(false);
        foreach (SshChannel channel in channels) channel.EndInput(null);
    }

    private SshChannel Open(HopConnection target, Func<object, bool> request, string refusal)
    {
        object raw = SshNetInternals.CreateSessionChannel(target.Session);
        using (new Nudge(target.Session)) SshNetInternals.OpenSessionChannel(raw);
        var channel = new SshChannel(raw, Loss);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _channels.Add(channel);
        }

        target.Session.ErrorOccured += (_, _) => channel.EndInput(Loss());
        target.Session.Disconnected += (_, _) => channel.EndInput(Loss());
        var errors = new RemoteErrors(_prompt);
        SshNetInternals.OnExtendedData(raw, (_, e) => errors.Add(SshNetInternals.ReceivedData(e)));
        SshNetInternals.OnClosed(raw, (_, _) => errors.Flush());
        if (!request(raw)) throw _connector.Failure(target.Number, HopFailureKind.Channel, refusal);
        ReceiveWindow.Widen(target.Session, raw);
        channel.Start();
        return channel;
    }

    private bool IsStalled()
    {
        lock (_lock) return _channels.Exists(channel => channel.IsStalled);
    }

    // A gateway that breaks takes the hops behind it along; the first of them is the one to name.
    private HopException? Loss()
    {
        HopConnection? lost = _hops.Find(hop => hop.Lost is not null);
        return lost is null
            ? null
            : _connector.Failure(lost.Number, HopFailureKind.Lost, "connection lost: " + lost.Lost);
    }
}
