using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SyncHop.Ssh.Transport;

/// <summary>A proxy that speaks its protocol and does not connect; the message is its reason.</summary>
internal sealed class ProxyRefusalException(string reason) : Exception(reason);

/// <summary>The client's side of SOCKS 4A and 5. Names go to the proxy as they are.</summary>
internal static class Socks
{
    private const byte Version4 = 4, Version5 = 5, PasswordVersion = 1, Connect = 1;
    private const byte NoAuthentication = 0, PasswordAuthentication = 2, NoneAcceptable = 0xff;
    private const byte Granted4 = 90;

    /// <summary>RFC 1928, sections 3 to 6, and RFC 1929.</summary>
    /// <exception cref="ProxyRefusalException">The proxy refuses, or is none.</exception>
    public static async Task Connect5Async(
        Stream stream, ProxyAddress proxy, string host, int port, CancellationToken cancellationToken)
    {
        byte[] methods = proxy.User is null ? [NoAuthentication] : [NoAuthentication, PasswordAuthentication];
        await stream.WriteAsync((byte[])[Version5, (byte)methods.Length, .. methods], cancellationToken).ConfigureAwait(false);
        byte[] reply = await ReadAsync(stream, 2, cancellationToken).ConfigureAwait(false);
        if (reply[0] != Version5) throw new ProxyRefusalException("this is no SOCKS 5 proxy");
        if (reply[1] == NoneAcceptable || !methods.Contains(reply[1]))
            throw new ProxyRefusalException(proxy.User is null ? "it wants a user and a password" : "it wants another way to log in");
        if (reply[1] == PasswordAuthentication) await LogInAsync(stream, proxy, cancellationToken).ConfigureAwait(false);

        await stream.WriteAsync(
            (byte[])[Version5, Connect, 0, .. Address5(host), .. BigEndian(port)], cancellationToken).ConfigureAwait(false);
        reply = await ReadAsync(stream, 4, cancellationToken).ConfigureAwait(false);
        if (reply[0] != Version5) throw new ProxyRefusalException("this is no SOCKS 5 proxy");
        if (reply[1] != 0) throw new ProxyRefusalException(Reason5(reply[1]));
        int length = reply[3] switch
        {
            1 => 4,
            4 => 16,
            3 => (await ReadAsync(stream, 1, cancellationToken).ConfigureAwait(false))[0],
            _ => throw new ProxyRefusalException("its answer is malformed"),
        };
        await ReadAsync(stream, length + 2, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>SOCKS 4 with the extension 4A for names.</summary>
    /// <exception cref="ProxyRefusalException">The proxy refuses, or is none.</exception>
    public static async Task Connect4Async(
        Stream stream, ProxyAddress proxy, string host, int port, CancellationToken cancellationToken)
    {
        bool isAddress = IPAddress.TryParse(host, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork;
        // An address that cannot be, 0.0.0.x, announces the name at the end.
        byte[] target = isAddress ? address!.GetAddressBytes() : [0, 0, 0, 1];
        byte[] name = isAddress ? [] : [.. Encoding.UTF8.GetBytes(host), 0];
        byte[] user = Encoding.UTF8.GetBytes(proxy.User ?? "");
        await stream.WriteAsync(
            (byte[])[Version4, Connect, .. BigEndian(port), .. target, .. user, 0, .. name], cancellationToken).ConfigureAwait(false);
        byte[] reply = await ReadAsync(stream, 8, cancellationToken).ConfigureAwait(false);
        if (reply[0] != 0) throw new ProxyRefusalException("this is no SOCKS 4 proxy");
        if (reply[1] != Granted4)
            throw new ProxyRefusalException(reply[1] is 92 or 93 ? "it does not accept the user" : $"it cannot connect to {Printable.Line(host)}");
    }

    private static async Task LogInAsync(Stream stream, ProxyAddress proxy, CancellationToken cancellationToken)
    {
        byte[] user = Encoding.UTF8.GetBytes(proxy.User!), password = Encoding.UTF8.GetBytes(proxy.Password ?? "");
        if (user.Length > 255 || password.Length > 255) throw new ProxyRefusalException("the user or the password is too long for SOCKS 5");
        await stream.WriteAsync(
            (byte[])[PasswordVersion, (byte)user.Length, .. user, (byte)password.Length, .. password], cancellationToken).ConfigureAwait(false);
        byte[] reply = await ReadAsync(stream, 2, cancellationToken).ConfigureAwait(false);
        if (reply[1] != 0) throw new ProxyRefusalException("it does not accept the user and the password");
    }

    private static byte[] Address5(string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
            return [(byte)(address.AddressFamily == AddressFamily.InterNetwork ? 1 : 4), .. address.GetAddressBytes()];
        byte[] name = Encoding.UTF8.GetBytes(host);
        return name.Length <= 255 ? [3, (byte)name.Length, .. name] : throw new ProxyRefusalException("the host's name is too long for SOCKS 5");
    }

    private static string Reason5(byte code) => code switch
    {
        2 => "its rules do not allow this connection",
        3 => "network is unreachable",
        4 => "host is unreachable",
        5 => "connection refused",
        6 => "the connection timed out",
        7 => "it does not do CONNECT",
        8 => "it does not take this kind of address",
        _ => "it cannot connect",
    };

    private static byte[] BigEndian(int port)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)port);
        return bytes;
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[count];
        try
        {
            await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            throw new ProxyRefusalException("it closed the connection");
        }

        return bytes;
    }
}
