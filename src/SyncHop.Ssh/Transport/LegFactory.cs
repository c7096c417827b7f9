using System.Net.Sockets;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Transport;

/// <summary>Decides what carries the connection to a hop.</summary>
internal static class LegFactory
{
    /// <summary>The leg, or null for a TCP connection of our own.</summary>
    /// <exception cref="LegException">The settings are wrong.</exception>
    /// <exception cref="SocketException">No local port is free.</exception>
    public static Leg? Create(SshSettings settings, HopSettings hop, HopConnection? gateway, IUserPrompt prompt)
    {
        if (gateway is not null)
        {
            string? command = settings.GatewayCommands
                .LastOrDefault(c => c.Hop is null || gateway.Settings.Hop.IsCalled(c.Hop))?.Command;
            return command is null
                ? new ForwardLeg(gateway, hop)
                : new GatewayCommandLeg(gateway, hop, command, prompt);
        }

        if (settings.Proxy is { } proxy) return new ProxyLeg(proxy, hop, prompt);
        if (hop.ProxyCommand is { } program) return new ProxyCommandLeg(program);
        return BoundLeg.IsWanted(hop) ? new BoundLeg(hop) : null;
    }
}
