using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Transport;

/// <summary>
/// ServerAliveInterval and ServerAliveCountMax of ssh_config(5): a hop that is silent is asked for a reply, and is
/// given up when several questions stay without one.
/// </summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly HopConnection _hop;
    private readonly KeepAlive? _gateway;
    private readonly Func<bool> _isStalled;
    private readonly Timer _timer;
    private uint _lastPacket;
    private int _unanswered;
    private int _sending;

    public KeepAlive(HopConnection hop, KeepAlive? gateway, Func<bool> isStalled)
    {
        (_hop, _gateway, _isStalled) = (hop, gateway, isStalled);
        _lastPacket = SshNetInternals.InboundPacketSequence(hop.Session);
        TimeSpan interval = hop.Settings.KeepAliveInterval;
        _timer = new Timer(_ => Tick(), null, interval, interval);
    }

    public void Dispose() => _timer.Dispose();

    private bool IsSilent =>
        (_unanswered > 0 && SshNetInternals.InboundPacketSequence(_hop.Session) == _lastPacket)
        || _gateway is { IsSilent: true };

    private void Tick()
    {
        HopSettings settings = _hop.Settings;
        uint packet = SshNetInternals.InboundPacketSequence(_hop.Session);
        // While our own reader is behind, replies wait unread in the same queue as the data.
        if (packet != _lastPacket || _isStalled())
        {
            (_lastPacket, _unanswered) = (packet, 0);
            return;
        }

        if (_unanswered == settings.KeepAliveCount)
        {
            // A silent gateway silences all hops behind it; it will be given up itself, with its own name.
            if (_gateway is { IsSilent: true }) return;
            TimeSpan silence = settings.KeepAliveInterval * (settings.KeepAliveCount + 1);
            _hop.Abort($"no answer for {silence.TotalSeconds:0.###} seconds");
            return;
        }

        _unanswered++;
        // Sending blocks when the socket is full, as towards a dead host; the clock must go on.
        if (Interlocked.Exchange(ref _sending, 1) == 0) ThreadPool.QueueUserWorkItem(_ => Ask());
    }

    // Any reply will do; sshd answers requests it does not know with a failure, as RFC 4254, section 4 demands.
    private void Ask()
    {
        try
        {
            SshNetInternals.TrySendMessage(
                _hop.Session, SshNetInternals.CreateGlobalRequest("keepalive@openssh.com"u8.ToArray()));
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException or NullReferenceException)
        {
            // The session ended in between.
        }
        finally
        {
            Volatile.Write(ref _sending, 0);
        }
    }
}
