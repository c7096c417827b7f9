using System.Net.Sockets;

namespace SyncHop.Ssh.Transport;

/// <summary>Carries bytes between two connections until both are over.</summary>
internal static class SocketRelay
{
    private const int BufferSize = 128 << 10;

    /// <summary>Starts both directions.</summary>
    public static void Join(Socket one, Socket other)
    {
        _ = RelayAsync(one, other);
        _ = RelayAsync(other, one);
    }

    private static async Task RelayAsync(Socket from, Socket to)
    {
        try
        {
            byte[] buffer = new byte[BufferSize];
            while (true)
            {
                int count = await from.ReceiveAsync(buffer, SocketFlags.None).ConfigureAwait(false);
                if (count == 0) break;
                for (int sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None).ConfigureAwait(false);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is gone, so the other has no use either; the session says what was lost.
            from.Dispose();
            to.Dispose();
        }
    }
}
