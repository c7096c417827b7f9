using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Transport;

/// <summary>A TCP connection from the address and over the address family that ssh_config wants, which SSH.NET cannot make.</summary>
internal sealed class BoundLeg(HopSettings hop) : Leg
{
    private Socket? _socket;

    /// <summary>Whether a hop's settings need it.</summary>
    public static bool IsWanted(HopSettings hop) =>
        hop.AddressFamily != AddressFamily.Unspecified || hop.BindAddress is not null || hop.BindInterface is not null;

    public override string Via => hop.BindAddress ?? hop.BindInterface ?? (hop.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6");

    /// <summary>The address the host was reached at; null before.</summary>
    public IPAddress? RemoteAddress => (_socket?.RemoteEndPoint as IPEndPoint)?.Address;

    protected override async Task CarryAsync(Socket peer, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await ResolveAsync(hop.HostName, cancellationToken).ConfigureAwait(false);
        IPAddress[] locals = await LocalAddressesAsync(cancellationToken).ConfigureAwait(false);
        SocketException? failure = null;
        foreach (IPAddress address in addresses)
        {
            IPAddress? local = Array.Find(locals, candidate => candidate.AddressFamily == address.AddressFamily);
            if (local is null && locals.Length > 0) continue;
            try
            {
                _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                if (local is not null) _socket.Bind(new IPEndPoint(local, 0));
                await _socket.ConnectAsync(address, hop.Port, cancellationToken).ConfigureAwait(false);
                SocketTuning.UnlockBuffers(_socket);
                SocketRelay.Join(peer, _socket);
                return;
            }
            catch (SocketException e)
            {
                failure = e;
                _socket?.Dispose();
            }
        }

        throw failure ?? (Exception)new LegException(HopFailureKind.Connect, $"{Via} has no address of the kind the host has");
    }

    public override void Dispose()
    {
        base.Dispose();
        _socket?.Dispose();
    }

    private async Task<IPAddress[]> LocalAddressesAsync(CancellationToken cancellationToken)
    {
        if (hop.BindAddress is not null) return await ResolveAsync(hop.BindAddress, cancellationToken).ConfigureAwait(false);
        if (hop.BindInterface is null) return [];
        NetworkInterface found = Array.Find(NetworkInterface.GetAllNetworkInterfaces(), each => each.Name == hop.BindInterface)
            ?? throw new LegException(HopFailureKind.Config, $"there is no network interface {Printable.Line(hop.BindInterface)}");
        return [.. found.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address)];
    }

    private Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken) =>
        Dns.GetHostAddressesAsync(name, hop.AddressFamily, cancellationToken);
}
