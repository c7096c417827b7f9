using System.Net.Sockets;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;
using SyncHop.Ssh.Authentication;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Transport;

/// <summary>Says in words what SSH.NET and the sockets throw.</summary>
internal static class HopFailure
{
    private const string ServerClosed = "The connection was closed by the server: ";

    public static (HopFailureKind Kind, string Reason) Describe(
        Exception exception, HopSettings hop, string? gateway, AuthenticationLog log)
    {
        switch (exception)
        {
            case LegException leg:
                return (leg.Kind, leg.Message);
            case ForwardRefusedException refused when refused.Reason == ForwardRefusedException.AdministrativelyProhibited:
                return (HopFailureKind.Forward, "administratively prohibited: "
                    + $"{gateway} does not allow forwarding to {hop.Target}; where it allows commands, "
                    + "--gateway-command='nc %h %p' goes through one");
            case ForwardRefusedException refused:
                return (HopFailureKind.Connect, refused.Message.Length == 0
                    ? $"{gateway} cannot connect to {hop.Target}"
                    : $"{gateway} cannot connect to {hop.Target}: {Sentence(refused.Message)}");
            case SocketException socket:
                return Describe(socket, hop);
            case SshAuthenticationException:
                return (HopFailureKind.Authentication, log.Denial(Parenthesized(exception.Message)));
            // No word from the server: it was not the login that it refused.
            case SshConnectionException { DisconnectReason: DisconnectReason.None or DisconnectReason.ConnectionLost } when log.HasTried:
                return (HopFailureKind.Lost, $"connection lost: {Sentence(exception.Message)}; {log.Tried}");
            case SshConnectionException when log.HasTried:
                return (HopFailureKind.Authentication, $"{Sentence(exception.Message)}; {log.Tried}");
            case SshConnectionException { InnerException: SocketException inner }:
                return Describe(inner, hop);
            case SshException:
                return (HopFailureKind.Connect, Sentence(exception.Message));
            default:
                return (HopFailureKind.Connect, "connection failed: " + Sentence(exception.Message));
        }
    }

    public static (HopFailureKind Kind, string Reason) TimedOut(HopDeadline deadline) =>
        (HopFailureKind.Timeout, $"no connection within {deadline.Limit.TotalSeconds:0.###} seconds");

    private static (HopFailureKind Kind, string Reason) Describe(SocketException exception, HopSettings hop) =>
        exception.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => (HopFailureKind.Connect, $"{hop.Target}: connection refused"),
            SocketError.HostNotFound or SocketError.NoData =>
                (HopFailureKind.Connect, $"the name {Printable.Line(hop.HostName)} is not known"),
            SocketError.TryAgain =>
                (HopFailureKind.Connect, $"the name {Printable.Line(hop.HostName)} cannot be resolved now"),
            SocketError.HostUnreachable => (HopFailureKind.Connect, $"{hop.Target}: no route to host"),
            SocketError.NetworkUnreachable => (HopFailureKind.Connect, $"{hop.Target}: network is unreachable"),
            SocketError.TimedOut => (HopFailureKind.Timeout, $"{hop.Target}: connection timed out"),
            SocketError.ConnectionReset => (HopFailureKind.Connect, $"{hop.Target} reset the connection"),
            _ => (HopFailureKind.Connect, $"{hop.Target}: {Sentence(exception.Message)}"),
        };

    private static string? Parenthesized(string message)
    {
        int open = message.LastIndexOf('('), close = message.LastIndexOf(')');
        return open >= 0 && close > open ? message[(open + 1)..close] : null;
    }

    /// <summary>A message from SSH.NET as the end of one of ours; of what a server said when it closed, its words.</summary>
    public static string Sentence(string message)
    {
        string text = Printable.Line(message).TrimEnd('.');
        if (text.StartsWith(ServerClosed, StringComparison.Ordinal))
        {
            int reason = text.LastIndexOf(" (", StringComparison.Ordinal);
            text = text[ServerClosed.Length..(reason > ServerClosed.Length ? reason : text.Length)];
        }

        return text.Length > 1 && char.IsUpper(text[0]) && char.IsLower(text[1])
            ? char.ToLowerInvariant(text[0]) + text[1..]
            : text;
    }
}
