using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;
using SyncHop.Ssh.Authentication;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Transport;

/// <summary>An authenticated session with one hop.</summary>
internal sealed class HopConnection : IDisposable
{
    private static readonly TimeSpan PoliteTime = TimeSpan.FromMilliseconds(100);

    private readonly Leg? _leg;
    private KeepAlive? _keepAlive;
    private string? _lost;

    public HopConnection(Session session, HopSettings settings, int number, Leg? leg, Login login)
    {
        (Session, Settings, Number, _leg, Login) = (session, settings, number, leg, login);
        if (SshNetInternals.SocketOf(session) is { } socket) SocketTuning.UnlockBuffers(socket);
        // Both run on the session's receive thread, before the handlers of its channels.
        session.ErrorOccured += (_, e) => Lose(HopFailure.Sentence(e.Exception.Message));
        session.Disconnected += (_, _) => Lose("the host closed the connection");
    }

    public Session Session { get; }

    public HopSettings Settings { get; }

    public int Number { get; }

    /// <summary>How the host and we let each other in.</summary>
    public Login Login { get; }

    /// <summary>Why the connection broke; null while it holds.</summary>
    public string? Lost => Volatile.Read(ref _lost);

    /// <summary>Starts asking for signs of life.</summary>
    /// <param name="gateway">The hop before this one.</param>
    /// <param name="isStalled">True while we ourselves keep the receive threads waiting.</param>
    public void StartKeepAlive(HopConnection? gateway, Func<bool> isStalled)
    {
        if (Settings.KeepAliveInterval > TimeSpan.Zero && Settings.KeepAliveCount > 0)
            _keepAlive = new KeepAlive(this, gateway?._keepAlive, isStalled);
    }

    /// <summary>Breaks the connection off at once; every thread that waits for it wakes up.</summary>
    public void Abort(string? reason = null)
    {
        if (reason is not null) Lose(reason);
        // Not through the session: its lock is held by a thread that may be blocked in this socket.
        SshNetInternals.SocketOf(Session)?.Dispose();
    }

    /// <summary>Says goodbye when that takes no time, and frees everything.</summary>
    public void Dispose()
    {
        _keepAlive?.Dispose();
        using (var watchdog = new Timer(_ => Abort(), null, PoliteTime, Timeout.InfiniteTimeSpan))
        {
            try
            {
                Session.Dispose();
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException or SshException)
            {
                // The watchdog was faster: nobody is left to say goodbye to.
            }
        }

        _leg?.Dispose();
    }

    private void Lose(string reason) => Interlocked.CompareExchange(ref _lost, reason, null);
}
