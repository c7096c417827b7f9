using System.Text;

namespace SyncHop.Ssh.Transport;

/// <summary>The client's side of an HTTP proxy's CONNECT (RFC 9110, section 9.3.6). The name goes to the proxy as it is.</summary>
internal static class HttpTunnel
{
    private const int MaximumHeader = 16 << 10;

    /// <exception cref="ProxyRefusalException">The proxy refuses, or is none.</exception>
    public static async Task ConnectAsync(
        Stream stream, ProxyAddress proxy, string host, int port, CancellationToken cancellationToken)
    {
        string target = $"{(host.Contains(':') ? $"[{host}]" : host)}:{port}";
        var request = new StringBuilder().Append($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        if (proxy.User is not null)
            request.Append("Proxy-Authorization: Basic ")
                .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.User}:{proxy.Password}"))).Append("\r\n");
        request.Append("\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellationToken).ConfigureAwait(false);

        string header = await ReadHeaderAsync(stream, cancellationToken).ConfigureAwait(false);
        string status = header.Split('\n', 2)[0].TrimEnd('\r');
        string[] words = status.Split(' ', 3);
        if (!words[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || words.Length < 2)
            throw new ProxyRefusalException("this is no HTTP proxy");
        if (words[1] == "407") throw new ProxyRefusalException(
            proxy.User is null ? "it wants a user and a password" : "it does not accept the user and the password");
        if (words[1].Length != 3 || words[1][0] != '2')
            throw new ProxyRefusalException($"it answers {Printable.Line(string.Join(' ', words.Skip(1)))}");
    }

    // Byte by byte: what follows the empty line is the host's already.
    private static async Task<string> ReadHeaderAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new List<byte>();
        byte[] next = new byte[1];
        while (header.Count < MaximumHeader)
        {
            if (await stream.ReadAsync(next, cancellationToken).ConfigureAwait(false) == 0)
                throw new ProxyRefusalException("it closed the connection");
            header.Add(next[0]);
            if (next[0] != '\n') continue;
            if (header is [.., (byte)'\n', (byte)'\n'] or [.., (byte)'\n', (byte)'\r', (byte)'\n'])
                return Encoding.Latin1.GetString([.. header]);
        }

        throw new ProxyRefusalException("its answer is too long");
    }
}
