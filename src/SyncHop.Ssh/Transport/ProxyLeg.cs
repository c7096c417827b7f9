using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Transport;

/// <summary>A connection that a proxy makes to a host that it resolves.</summary>
internal sealed class ProxyLeg(ProxyAddress proxy, HopSettings hop, IUserPrompt prompt) : Leg
{
    private readonly Socket _proxy = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public override string Via => proxy.ToString();

    protected override async Task CarryAsync(Socket peer, CancellationToken cancellationToken)
    {
        try
        {
            await _proxy.ConnectAsync(proxy.Host, proxy.Port, cancellationToken).ConfigureAwait(false);
            SocketTuning.UnlockBuffers(_proxy);
            ProxyAddress login = WithPassword();
            var stream = new NetworkStream(_proxy, ownsSocket: false);
            await (proxy.Protocol switch
            {
                ProxyProtocol.Socks5 => Socks.Connect5Async(stream, login, hop.HostName, hop.Port, cancellationToken),
                ProxyProtocol.Socks4 => Socks.Connect4Async(stream, login, hop.HostName, hop.Port, cancellationToken),
                _ => HttpTunnel.ConnectAsync(stream, login, hop.HostName, hop.Port, cancellationToken),
            }).ConfigureAwait(false);
        }
        catch (ProxyRefusalException e)
        {
            throw new LegException(HopFailureKind.Connect, $"the proxy {Via}: {e.Message}");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new LegException(HopFailureKind.Connect, $"the proxy {Via}: {HopFailure.Sentence(e.Message)}");
        }

        SocketRelay.Join(peer, _proxy);
    }

    public override void Dispose()
    {
        base.Dispose();
        _proxy.Dispose();
    }

    private ProxyAddress WithPassword()
    {
        if (proxy is not { User: not null, Password: null, Protocol: not ProxyProtocol.Socks4 }) return proxy;
        if (!prompt.IsInteractive)
            throw new LegException(HopFailureKind.Connect, $"the proxy {Via} needs the password of {Printable.Line(proxy.User)}, and {prompt.Obstacle}");
        byte[]? secret = prompt.AskSecret($"{proxy.User}@{Via}'s password: ", $"{proxy.User}@{Via}");
        if (secret is null) return proxy;
        ProxyAddress complete = proxy with { Password = Encoding.UTF8.GetString(secret) };
        CryptographicOperations.ZeroMemory(secret);
        return complete;
    }
}
