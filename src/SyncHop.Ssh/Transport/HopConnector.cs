using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;
using SyncHop.Ssh.Authentication;
using SyncHop.Ssh.Configuration;
using SyncHop.Ssh.HostKeys;

namespace SyncHop.Ssh.Transport;

/// <summary>Connects the hops of one chain, one after the other; keys stay unlocked in between.</summary>
internal sealed class HopConnector(SshSettings settings, IReadOnlyList<HopSettings> plan, IUserPrompt prompt)
{
    // ssh_config(5), ConnectionAttempts: one try a second.
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly KeyStore _keys = settings.Keys ?? new KeyStore(settings.FileSystem);

    /// <summary>Connects a hop directly, or through the session of the gateway before it.</summary>
    /// <param name="number">The hop's number, counted from 1.</param>
    /// <param name="gateway">The gateway; null for the first hop.</param>
    /// <param name="known">The login to repeat, once and without a question; null for a new one.</param>
    /// <param name="cancellationToken">Breaks off at once.</param>
    /// <exception cref="HopException">It failed; the message names the hop.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<(HopConnection Connection, HopReport Report)> ConnectAsync(
        int number, HopConnection? gateway, Login? known, CancellationToken cancellationToken)
    {
        HopSettings hop = plan[number - 1];
        int attempts = known is null && gateway is null ? hop.ConnectionAttempts : 1;
        var watch = Stopwatch.StartNew();
        var log = new AuthenticationLog();
        using var deadline = new HopDeadline(hop.ConnectTimeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        Attempt attempt;
        for (int tries = 1; ; tries++)
        {
            attempt = Prepare(number, hop, gateway, known, new SuspendingPrompt(prompt, deadline, hop.BatchMode || known is not null), log);
            try
            {
                await attempt.RunAsync(linked.Token).ConfigureAwait(false);
                break;
            }
            catch (SocketException) when (tries < attempts && !linked.IsCancellationRequested)
            {
                attempt.Abandon();
                await Task.Delay(RetryPause, linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                attempt.Abandon();
                cancellationToken.ThrowIfCancellationRequested();
                if (e is HopException) throw;
                if (gateway?.Lost is { } lost) throw Failure(gateway.Number, HopFailureKind.Lost, lost);
                (HopFailureKind kind, string reason) = attempt.HostKeyRefusal is { } refusal
                    ? (HopFailureKind.HostKey, refusal)
                    : deadline.IsOver
                        ? HopFailure.TimedOut(deadline)
                        : HopFailure.Describe(e, hop, gateway?.Settings.Display, log);
                throw Failure(number, kind, reason);
            }
        }

        var login = new Login(attempt.HostKey, log.AcceptedKeys);
        var connection = new HopConnection(attempt.Session, hop, number, attempt.Leg, login);
        return (connection, Report(number, hop, gateway, attempt, log, watch.Elapsed));
    }

    private Attempt Prepare(
        int number, HopSettings hop, HopConnection? gateway, Login? known, SuspendingPrompt hopPrompt, AuthenticationLog log)
    {
        try
        {
            return new Attempt(settings, hop, gateway, known, hopPrompt, _keys, log);
        }
        catch (SocketException e)
        {
            throw Failure(number, HopFailureKind.Forward, "no local port to forward from: " + Printable.Line(e.Message));
        }
        catch (LegException e)
        {
            throw Failure(number, e.Kind, e.Message);
        }
    }

    /// <summary>An error of a hop, with its place in the chain.</summary>
    public HopException Failure(int number, HopFailureKind kind, string reason)
    {
        string via = number > 1 ? " via " + plan[number - 2].Display : "";
        return new HopException(kind, number, plan.Count, plan[number - 1].Display + via, reason);
    }

    private HopReport Report(
        int number, HopSettings hop, HopConnection? gateway, Attempt attempt, AuthenticationLog log, TimeSpan elapsed) =>
        new()
        {
            Number = number,
            Count = plan.Count,
            Hop = hop.Display,
            Address = hop.Target,
            Via = attempt.Leg?.Description,
            HostKeyType = Printable.Line(KnownHostsEntry.TypeOf(attempt.HostKey)),
            HostKeyFingerprint = HostKeyVerifier.Fingerprint(attempt.HostKey),
            Authentication = log.Accepted,
            Cipher = attempt.Info.CurrentClientEncryption ?? "",
            Mac = Algorithms.MacOf(attempt.Info),
            KeyExchange = attempt.Info.CurrentKeyExchangeAlgorithm ?? "",
            ServerVersion = Printable.Line(attempt.Info.ServerVersion),
            Elapsed = elapsed,
        };

    /// <summary>One try to connect one hop.</summary>
    private sealed class Attempt
    {
        private static readonly TimeSpan RefusalTime = TimeSpan.FromMilliseconds(500);

        private readonly HopSettings _hop;
        private readonly Login? _known;
        private readonly AuthenticationLog _log;
        private readonly HostKeyVerifier _verifier;
        private readonly HostCertificates _certificates;

        public Attempt(
            SshSettings settings, HopSettings hop, HopConnection? gateway, Login? known, SuspendingPrompt prompt,
            KeyStore keys, AuthenticationLog log)
        {
            (_hop, _known, _log) = (hop, known, log);
            _verifier = new HostKeyVerifier(settings, hop, prompt);
            Leg = LegFactory.Create(settings, hop, gateway, prompt);
            Info = new ConnectionInfo(
                Leg is null ? hop.HostName : "127.0.0.1",
                Leg is null ? hop.Port : Leg.Port,
                hop.User,
                known is null
                    ? AuthenticationPlan.Create(hop, keys, prompt, log, _verifier)
                    : AuthenticationPlan.Repeat(known, hop, keys, prompt, log))
            {
                // Our deadline and keepalive break off what hangs; SSH.NET's own limit would also end a transfer
                // whose window stays closed for a while.
                Timeout = Timeout.InfiniteTimeSpan,
                ChannelCloseTimeout = TimeSpan.Zero,
                RetryAttempts = 1,
                LoggerFactory = settings.Log is { } write ? new SessionLog(hop.Display, write) : null,
            };
            Info.AuthenticationBanner += (_, e) =>
            {
                if (prompt.IsInteractive && hop.LogLevel >= SshLogLevel.Info) prompt.Warn(Printable.Block(e.BannerMessage).TrimEnd());
            };
            _certificates = new HostCertificates(Info);
            Algorithms.Apply(Info, hop, _verifier.KnownTypes);
            _certificates.Offer(hop.HostKeyAlgorithms, _verifier.TrustsAuthority);
            Session = SshNetInternals.CreateSession(Info);
            Session.HostKeyReceived += OnHostKey;
        }

        public ConnectionInfo Info { get; }

        public Session Session { get; }

        public Leg? Leg { get; }

        public byte[] HostKey { get; private set; } = [];

        public string? HostKeyRefusal { get; private set; }

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            // SSH.NET blocks its caller from the key exchange on; only closing the socket wakes it.
            Task connect = Task.Run(() => Session.ConnectAsync(cancellationToken), CancellationToken.None);
            if (Leg is not null)
            {
                Task open = Leg.OpenAsync(Session, cancellationToken);
                await Task.WhenAny(open, connect).ConfigureAwait(false);
                // A refused leg also ends the client's connection; the refusal is the one that says why.
                if (connect.IsFaulted)
                    await Task.WhenAny(open, Task.Delay(RefusalTime, cancellationToken)).ConfigureAwait(false);
                if (open.IsCompleted || !connect.IsFaulted) await open.ConfigureAwait(false);
            }

            await Task.WhenAny(connect, Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            // SSH.NET returns normally when the server hangs up in the middle of the key exchange.
            if (connect.IsCompletedSuccessfully && Session.IsConnected) return;
            if (!_log.HasTried && HostKeyRefusal is null) await ThrowIfLegEndedAsync(cancellationToken).ConfigureAwait(false);
            await connect.ConfigureAwait(false);
            throw new SshConnectionException("the host closed the connection");
        }

        // A program in between that ended is the cause; it may say so a little later.
        private async Task ThrowIfLegEndedAsync(CancellationToken cancellationToken)
        {
            if (Leg is not { IsProgram: true }) return;
            await Task.WhenAny(Leg.Ended, Task.Delay(RefusalTime, cancellationToken)).ConfigureAwait(false);
            if (Leg.Ended.IsCompletedSuccessfully)
                throw new LegException(HopFailureKind.Connect, await Leg.Ended.ConfigureAwait(false));
        }

        /// <summary>Breaks off whatever runs; the blocked threads end by themselves.</summary>
        public void Abandon()
        {
            SshNetInternals.SocketOf(Session)?.Dispose();
            Leg?.Dispose();
            _ = Task.Run(Session.Dispose);
        }

        // Null where something carries the connection, and where it is gone already.
        private IPAddress? RemoteAddress()
        {
            IPAddress? address = Leg is BoundLeg bound ? bound.RemoteAddress : Leg is null ? PeerOf(SshNetInternals.SocketOf(Session)) : null;
            return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        }

        private static IPAddress? PeerOf(Socket? socket)
        {
            try
            {
                return socket?.RemoteEndPoint is IPEndPoint peer ? peer.Address : null;
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }

        private void OnHostKey(object? sender, HostKeyEventArgs e)
        {
            if (HostKey.AsSpan().SequenceEqual(e.HostKey)) return;
            // A key exchange later on must show the same key (RFC 4253, section 9 allows others; ssh does not).
            e.CanTrust = false;
            if (HostKey.Length > 0) return;
            HostKeyRefusal = "its host key was not judged";
            HostKeyRefusal = _known is null
                ? _verifier.Refusal(e.HostKey, _certificates, RemoteAddress())
                : _known.HostKey.AsSpan().SequenceEqual(e.HostKey) ? null : "it has another host key than before";
            if (HostKeyRefusal is not null) return;
            HostKey = e.HostKey;
            e.CanTrust = true;
            // OpenSSH reads what comes in order; others are not known to do so before the service has begun.
            if (Session.ServerVersion?.StartsWith("SSH-2.0-OpenSSH", StringComparison.Ordinal) == true) SshNetInternals.SkipServiceAnswer(Session);
        }
    }
}
