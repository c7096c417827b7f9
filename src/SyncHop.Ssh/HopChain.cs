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
    // The gateways and the first session's connection; they do not change once all are connected.
    private readonly List<HopConnection> _hops = [];
    private readonly List<HopReport> _reports = [];
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private readonly List<HopSession> _sessions = [];
    private HopSession? _first;
    private bool _disposed;

    private HopChain(HopConnector connector, IUserPrompt prompt) => (_connector, _prompt) = (connector, prompt);

    /// <summary>How each hop was reached.</summary>
    public IReadOnlyList<HopReport> Reports => _reports;

    /// <summary>The name of the final host as messages show it.</summary>
    public string Target => _hops[^1].Settings.Display;

    /// <summary>A sentence about the final host that names it, its number and its gateway as every failure of a hop does.</summary>
    public string Describe(string sentence) => _connector.Failure(_hops.Count, HopFailureKind.Channel, sentence).Message;

    /// <summary>What broke the chain: the first hop whose connection is known to be lost; null while there is none.</summary>
    /// <remarks>A channel may end a moment before it is known which connection took it along.</remarks>
    public HopException? Broken => Loss(_hops);

    /// <summary>The login name on the final host.</summary>
    public string TargetUser => _hops[^1].Settings.User;

    /// <summary>The first session with the final host, which the chain was connected for.</summary>
    public HopSession First => _first!;

    /// <summary>Why there are no more sessions; null while nobody refused one.</summary>
    public string? SessionRefusal { get; private set; }

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
                    await chain._connector.ConnectAsync(number, gateway, null, cancellationToken).ConfigureAwait(false);
                chain._hops.Add(connection);
                connection.StartKeepAlive(gateway, chain.IsStalled);
                if (settings.MeasuresRoundTrips)
                    report = report with { RoundTrips = await chain.MeasureAsync(connection, settings.RoundTripQuestions, cancellationToken).ConfigureAwait(false) };
                chain._reports.Add(report);
                reached?.Invoke(report);
            }

            chain._first = chain.AddSession(chain._hops[^1], chain._reports[^1]);
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

    /// <summary>Starts a subsystem on the first session (<see cref="HopSession.OpenSubsystemAsync(string, CancellationToken)"/>).</summary>
    /// <exception cref="HopException">The host refuses, does not answer in time, or was lost.</exception>
    public Task<SshChannel> OpenSubsystemAsync(string name, CancellationToken cancellationToken = default) =>
        First.OpenSubsystemAsync(name, cancellationToken);

    /// <summary>Runs a command on the first session (<see cref="HopSession.OpenCommandAsync(string, CancellationToken)"/>).</summary>
    /// <exception cref="HopException">The host refuses, does not answer in time, or was lost.</exception>
    public Task<SshChannel> OpenCommandAsync(string command, CancellationToken cancellationToken = default) =>
        First.OpenCommandAsync(command, cancellationToken);

    /// <summary>
    /// Opens one more session with the final host, through the gateways' existing connections. Sessions are opened one after
    /// another, however many callers there are, so that no MaxStartups is reached. The host is let in and we are let in as
    /// for the first session: it must show the same host key, and gets the keys that were accepted and nothing else, so
    /// that nothing is asked and no refused credential is tried again. Where that is not possible (a password, a security
    /// token), or the host or a gateway refuses, there is no session, and nobody tries again.
    /// </summary>
    /// <returns>The session, which ends with the chain at the latest; null when there are no more: <see cref="SessionRefusal"/> says why.</returns>
    /// <exception cref="HopException">A gateway was lost, and the chain with it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the chain was disposed of meanwhile.</exception>
    public async Task<HopSession?> TryOpenSessionAsync(CancellationToken cancellationToken = default)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        await _turn.WaitAsync(linked.Token).ConfigureAwait(false);
        try
        {
            HopConnection first = _hops[^1];
            SessionRefusal ??= first.Login.ObstacleToRepeat;
            if (SessionRefusal is not null) return null;
            HopConnection? gateway = _hops.Count > 1 ? _hops[^2] : null;
            (HopConnection connection, HopReport report) =
                await _connector.ConnectAsync(first.Number, gateway, first.Login, linked.Token).ConfigureAwait(false);
            HopSession session = AddSession(connection, report);
            connection.StartKeepAlive(gateway, IsStalled);
            return session;
        }
        catch (HopException refused)
        {
            if (Loss(_hops.SkipLast(1)) is { } loss) throw loss;
            SessionRefusal = refused.Reason;
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes everything, the final host first, without waiting for the network.</summary>
    public async ValueTask DisposeAsync()
    {
        HopSession[] sessions;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            sessions = [.. _sessions];
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        HopSession[] abandoned = Array.FindAll(sessions, session => session.Abandon());
        await Task.Run(() =>
        {
            // Side by side: a host that does not take the goodbye costs each of them the same wait.
            Parallel.ForEach(abandoned, session => session.Close());
            // The last hop is the first session's, where there is one.
            for (int i = _hops.Count - (_first is null ? 1 : 2); i >= 0; i--) _hops[i].Dispose();
        }).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<TimeSpan>> MeasureAsync(HopConnection hop, int questions, CancellationToken cancellationToken)
    {
        IReadOnlyList<TimeSpan> times = await RoundTripMeter.MeasureAsync(hop.Session, questions, cancellationToken).ConfigureAwait(false);
        return Loss(_hops) is { } loss ? throw loss : times;
    }

    private HopSession AddSession(HopConnection connection, HopReport report)
    {
        var session = new HopSession(
            connection, report, _connector, _prompt, own => Loss(_hops.SkipLast(1).Append(own)), Forget);
        lock (_lock)
        {
            if (!_disposed)
            {
                _sessions.Add(session);
                return session;
            }
        }

        connection.Abort();
        connection.Dispose();
        throw new OperationCanceledException(_closing.Token);
    }

    private void Forget(HopSession session)
    {
        lock (_lock) _sessions.Remove(session);
    }

    private bool IsStalled()
    {
        lock (_lock) return _sessions.Exists(session => session.IsStalled);
    }

    // A gateway that breaks takes the hops behind it along; the first of them is the one to name.
    private HopException? Loss(IEnumerable<HopConnection> hops)
    {
        HopConnection? lost = hops.FirstOrDefault(hop => hop.Lost is not null);
        return lost is null
            ? null
            : _connector.Failure(lost.Number, HopFailureKind.Lost, "connection lost: " + lost.Lost);
    }
}
