using SyncHop.Ssh.Transport;

namespace SyncHop.Ssh;

/// <summary>One session with the final host of a chain; it lives as long as the gateways before it.</summary>
public sealed class HopSession : IAsyncDisposable
{
    private readonly HopConnection _connection;
    private readonly HopConnector _connector;
    private readonly IUserPrompt _prompt;
    private readonly Func<HopConnection, HopException?> _loss;
    private readonly Action<HopSession> _closed;
    private readonly Lock _lock = new();
    private readonly List<SshChannel> _channels = [];
    private bool _disposed;

    /// <param name="connection">The connection, which belongs to the session from now on.</param>
    /// <param name="report">How it was made.</param>
    /// <param name="connector">Words its failures.</param>
    /// <param name="prompt">Takes what programs say on their standard error.</param>
    /// <param name="loss">Why the connection no longer holds: its own fault or that of a gateway; null while it does.</param>
    /// <param name="closed">Is told when the session has been disposed of.</param>
    internal HopSession(
        HopConnection connection, HopReport report, HopConnector connector, IUserPrompt prompt,
        Func<HopConnection, HopException?> loss, Action<HopSession> closed)
    {
        (_connection, Report, _connector, _prompt, _loss, _closed) = (connection, report, connector, prompt, loss, closed);
    }

    /// <summary>How the host was reached.</summary>
    public HopReport Report { get; }

    /// <summary>Why the session is lost; null while it holds.</summary>
    public HopException? Lost => _loss(_connection);

    /// <summary>True while received data waits for the reader of a channel.</summary>
    internal bool IsStalled
    {
        get
        {
            lock (_lock) return _channels.Exists(channel => channel.IsStalled);
        }
    }

    /// <summary>Starts a subsystem of the host's sshd, such as <c>sftp</c> (RFC 4254, section 6.5).</summary>
    /// <exception cref="HopException">The host refuses, does not answer in time, or was lost.</exception>
    public Task<SshChannel> OpenSubsystemAsync(string name, CancellationToken cancellationToken = default) =>
        OpenSubsystemAsync(name, awaitsAnswer: true, cancellationToken);

    /// <summary>Starts a subsystem of the host's sshd.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="awaitsAnswer">
    /// Whether to wait until the host has said that it starts it. Otherwise the first bytes can be sent a round trip earlier, and a refusal
    /// ends <see cref="SshChannel.Input"/> with the exception.
    /// </param>
    /// <param name="cancellationToken">Breaks off at once.</param>
    /// <exception cref="HopException">The host refuses, does not answer in time, or was lost.</exception>
    public Task<SshChannel> OpenSubsystemAsync(string name, bool awaitsAnswer, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return OpenAsync(
            new ProgramRequest("subsystem", name), $"the host does not offer the subsystem \"{name}\"", awaitsAnswer, cancellationToken);
    }

    /// <summary>Runs a command on the host, by the user's shell there (RFC 4254, section 6.5).</summary>
    /// <exception cref="HopException">The host refuses, does not answer in time, or was lost.</exception>
    public Task<SshChannel> OpenCommandAsync(string command, CancellationToken cancellationToken = default) =>
        OpenCommandAsync(command, awaitsAnswer: true, cancellationToken);

    /// <summary>Runs a command on the host, by the user's shell there.</summary>
    /// <param name="command">The command.</param>
    /// <param name="awaitsAnswer">As with <see cref="OpenSubsystemAsync(string, bool, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Breaks off at once.</param>
    /// <exception cref="HopException">The host refuses, does not answer in time, or was lost.</exception>
    public Task<SshChannel> OpenCommandAsync(string command, bool awaitsAnswer, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        return OpenAsync(
            new ProgramRequest("exec", command), $"the host does not run \"{Printable.Line(command)}\"", awaitsAnswer, cancellationToken);
    }

    /// <summary>The time from a question to its answer, through all hops, the shortest of several.</summary>
    /// <returns>Null when the host does not answer such questions.</returns>
    /// <exception cref="HopException">The session was lost.</exception>
    public async Task<TimeSpan?> MeasureRoundTripAsync(CancellationToken cancellationToken = default)
    {
        IReadOnlyList<TimeSpan> times = await RoundTripMeter.MeasureAsync(_connection.Session, 3, cancellationToken).ConfigureAwait(false);
        return Lost is { } loss ? throw loss : times.Count == 0 ? null : times.Min();
    }

    /// <summary>Closes the session without waiting for the network; the chain and its other sessions stay.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Abandon()) return;
        await Task.Run(Close).ConfigureAwait(false);
        _closed(this);
    }

    /// <summary>Lets go of everybody who waits for a channel.</summary>
    /// <returns>False when that was done before.</returns>
    internal bool Abandon()
    {
        lock (_lock)
        {
            if (_disposed) return false;
            _disposed = true;
        }

        foreach (SshChannel channel in _channels) channel.Abandon();
        return true;
    }

    /// <summary>Closes the connection of an abandoned session.</summary>
    internal void Close()
    {
        _connection.Dispose();
        foreach (SshChannel channel in _channels) channel.EndInput(null);
    }

    private async Task<SshChannel> OpenAsync(
        ProgramRequest request, string refusal, bool awaitsAnswer, CancellationToken cancellationToken)
    {
        using var deadline = new HopDeadline(_connection.Settings.ConnectTimeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            (SshChannel channel, Task<bool> answer) = await Task.Run(() => Open(request, refusal), CancellationToken.None).WaitAsync(linked.Token)
                .ConfigureAwait(false);
            if (awaitsAnswer) await GrantedAsync(channel, answer, refusal, linked.Token).ConfigureAwait(false);
            return channel;
        }
        catch (Exception e) when (e is not HopException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Lost is { } loss) throw loss;
            (HopFailureKind kind, string reason) = deadline.IsOver
                ? HopFailure.TimedOut(deadline)
                : (HopFailureKind.Channel, "the host does not open a session channel");
            throw _connector.Failure(_connection.Number, kind, reason);
        }
    }

    private (SshChannel Channel, Task<bool> Answer) Open(ProgramRequest request, string refusal)
    {
        object raw = SshNetInternals.CreateSessionChannel(_connection.Session);
        using (new Nudge(_connection.Session)) SshNetInternals.OpenSessionChannel(raw);
        var channel = new SshChannel(raw, () => Lost);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _channels.Add(channel);
        }

        _connection.Session.ErrorOccured += (_, _) => channel.EndInput(Lost);
        _connection.Session.Disconnected += (_, _) => channel.EndInput(Lost);
        var errors = new RemoteErrors(_prompt, _connection.Settings.Display);
        SshNetInternals.OnExtendedData(raw, (_, e) => errors.Add(SshNetInternals.ReceivedData(e)));
        SshNetInternals.OnClosed(raw, (_, _) => errors.Flush());
        // A server may close the channel at once after it has refused, and the refusal is what is to be told.
        Task<bool> answer = request.SendAsync(_connection.Session, raw, () => channel.EndInput(Refused(refusal)));
        ReceiveWindow.Widen(_connection.Session, raw);
        channel.Start();
        return (channel, answer);
    }

    private async Task GrantedAsync(SshChannel channel, Task<bool> answer, string refusal, CancellationToken cancellation)
    {
        bool isGranted = false;
        try
        {
            await AnsweredAsync(channel, answer, refusal, cancellation).ConfigureAwait(false);
            isGranted = true;
        }
        finally
        {
            // Otherwise it would go on to count among the few that a connection may have.
            if (!isGranted) await channel.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task AnsweredAsync(SshChannel channel, Task<bool> answer, string refusal, CancellationToken cancellation)
    {
        await Task.WhenAny(answer, channel.InputEnded).WaitAsync(cancellation).ConfigureAwait(false);
        if (answer.IsCompleted)
        {
            if (!await answer.ConfigureAwait(false)) throw Refused(refusal);
            return;
        }
        await channel.InputEnded.ConfigureAwait(false);
        throw _connector.Failure(_connection.Number, HopFailureKind.Channel, "the host closed the channel before it answered");
    }

    private HopException Refused(string refusal) => _connector.Failure(_connection.Number, HopFailureKind.Channel, refusal);
}
