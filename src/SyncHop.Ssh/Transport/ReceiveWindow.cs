using Renci.SshNet;
using Renci.SshNet.Messages.Connection;

namespace SyncHop.Ssh.Transport;

/// <summary>Lets a server send more than SSH.NET asks for (RFC 4254, section 5.2).</summary>
/// <remarks>
/// SSH.NET's channels have a window of 2 MiB and renew it only when it is nearly used up, so a server stops for a round
/// trip after each 2 MiB. SSH.NET does not look whether a server exceeds the window: what is granted here once stays
/// granted, the renewals come while there is still room, and a round trip carries up to 10 MiB. Memory stays
/// bounded, since what our reader does not take waits in the sockets.
/// </remarks>
internal static class ReceiveWindow
{
    private const uint Extra = 8 << 20;

    /// <summary>Grants it to the other side of an open channel.</summary>
    public static void Widen(Session session, object channel) =>
        SshNetInternals.TrySendMessage(
            session, new ChannelWindowAdjustMessage(SshNetInternals.RemoteChannelNumber(channel), Extra));
}
