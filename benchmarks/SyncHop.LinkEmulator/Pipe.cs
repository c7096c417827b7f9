using System.Net.Sockets;

namespace SyncHop.LinkEmulator;

/// <summary>
/// One direction of one connection: a thread that takes bytes from the sender as fast as the window and the link's queue
/// let it, and a thread that gives them to the receiver when they arrive.
/// </summary>
internal sealed class Pipe(Socket from, Socket to, LinkDirection link, LinkSettings settings, long openAt)
{
    private readonly long _delay = MonotonicClock.Nanoseconds(settings.Delay);
    private readonly object _changed = new();
    private readonly Queue<Chunk> _underWay = new();
    private readonly Queue<(long KnownAt, int Length)> _acknowledged = new();
    private readonly Stack<byte[]> _spare = new();
    private long _inWindow;
    private bool _broken;

    private readonly record struct Chunk(byte[] Bytes, int Length, long ArrivesAt);

    /// <summary>Starts both threads; they end with the connection.</summary>
    /// <param name="ended">Called once, when nothing more will come through.</param>
    public void Start(Action ended)
    {
        new Thread(Take) { IsBackground = true, Name = "take" }.Start();
        new Thread(() => { Give(); ended(); }) { IsBackground = true, Name = "give" }.Start();
    }

    private void Take()
    {
        MonotonicClock.BePrecise();
        MonotonicClock.SleepUntil(openAt);
        while (WaitForWindow())
        {
            MonotonicClock.SleepUntil(link.HasRoomAt());
            byte[] buffer = Spare();
            int length = Receive(buffer);
            long arrives = link.Send(length, MonotonicClock.Now);
            lock (_changed)
            {
                _inWindow += length;
                _underWay.Enqueue(new Chunk(buffer, length, arrives));
                Monitor.PulseAll(_changed);
            }
            // The end of the stream is under way as the last chunk, an empty one.
            if (length == 0) return;
        }
    }

    private void Give()
    {
        MonotonicClock.BePrecise();
        while (true)
        {
            Chunk chunk;
            lock (_changed)
            {
                while (_underWay.Count == 0) Monitor.Wait(_changed);
                chunk = _underWay.Dequeue();
            }
            MonotonicClock.SleepUntil(chunk.ArrivesAt);
            bool delivered = chunk.Length > 0 && Deliver(chunk);
            lock (_changed)
            {
                _acknowledged.Enqueue((MonotonicClock.Now + _delay, chunk.Length));
                _spare.Push(chunk.Bytes);
                _broken = !delivered;
                Monitor.PulseAll(_changed);
            }
            if (!delivered) break;
        }
        Shut(to, SocketShutdown.Send);
        Shut(from, SocketShutdown.Receive);
    }

    /// <summary>Waits until the sender may have more under way.</summary>
    /// <returns>false when the receiver is gone.</returns>
    private bool WaitForWindow()
    {
        while (true)
        {
            long known;
            lock (_changed)
            {
                (long KnownAt, int Length) first;
                while (_acknowledged.TryPeek(out first) && first.KnownAt <= MonotonicClock.Now)
                    _inWindow -= _acknowledged.Dequeue().Length;
                if (_broken) return false;
                if (_inWindow < settings.Window) return true;
                if (!_acknowledged.TryPeek(out first))
                {
                    Monitor.Wait(_changed);
                    continue;
                }
                known = first.KnownAt;
            }
            MonotonicClock.SleepUntil(known);
        }
    }

    private byte[] Spare()
    {
        lock (_changed) return _spare.TryPop(out byte[]? buffer) ? buffer : new byte[settings.ChunkLength];
    }

    private int Receive(byte[] buffer)
    {
        try
        {
            return from.Receive(buffer);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private bool Deliver(Chunk chunk)
    {
        try
        {
            for (int sent = 0; sent < chunk.Length;) sent += to.Send(chunk.Bytes.AsSpan(sent, chunk.Length - sent));
            return true;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static void Shut(Socket socket, SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The other end closed it already.
        }
    }
}
