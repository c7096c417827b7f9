using System.Net;
using System.Net.Sockets;
using Renci.SshNet;
using SyncHop.Ssh.Transport;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

/// <summary>The listener that a forward needs for a moment.</summary>
public sealed class LegTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_connection_it_is_for_is_served_and_then_nobody()
    {
        using var leg = new RecordingLeg();
        using var intruder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await intruder.ConnectAsync(IPAddress.Loopback, leg.Port, Cancellation);
        await intruder.SendAsync("SSH-2.0-me first\r\n"u8.ToArray(), Cancellation);
        using var none = new NoneAuthenticationMethod("user");
        using Session session = SshNetInternals.CreateSession(new ConnectionInfo("127.0.0.1", leg.Port, "user", none));

        Task connect = Task.Run(() => session.ConnectAsync(Cancellation), Cancellation);
        await leg.OpenAsync(session, Cancellation);

        Assert.Equal(((IPEndPoint)SshNetInternals.SocketOf(session)!.LocalEndPoint!).Port, Assert.Single(leg.Served));
        Assert.False(await DeliversAsync(intruder));
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(IPAddress.Loopback, leg.Port, Cancellation).AsTask());
        leg.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => connect);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.2", false)]
    public async Task Port_of_another_loopback_address_is_somebody_elses(string address, bool isClient)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await client.ConnectAsync(listener.LocalEndPoint!, Cancellation);
        using Socket peer = await listener.AcceptAsync(Cancellation);

        Assert.Equal(isClient, Leg.IsAt(peer, ((IPEndPoint)client.LocalEndPoint!).Port));
    }

    // Turned away is an end or a reset; in neither case a byte comes.
    private static async Task<bool> DeliversAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], Cancellation) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class RecordingLeg : Leg
    {
        private readonly int _port;

        public RecordingLeg() => _port = base.Port;

        public new int Port => _port;

        public List<int> Served { get; } = [];

        public override string Via => "test";

        protected override Task CarryAsync(Socket peer, CancellationToken cancellationToken)
        {
            Served.Add(((IPEndPoint)peer.RemoteEndPoint!).Port);
            return Task.CompletedTask;
        }
    }
}
