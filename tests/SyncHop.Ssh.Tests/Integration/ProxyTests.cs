using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

/// <summary>The first leg through microsocks and tinyproxy, and through proxies that misbehave.</summary>
public sealed class ProxyTests : IDisposable
{
    private readonly SshLab _lab = new();
    private readonly List<Process> _proxies = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (Process proxy in _proxies)
        {
            proxy.Kill();
            proxy.WaitForExit();
            proxy.Dispose();
        }

        _lab.Dispose();
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("u ser", "p:a@ss")]
    public async Task Socks5_carries_the_first_hop(string? user, string? password)
    {
        int port = await StartMicrosocks(user is null ? [] : ["-u", user, "-P", password!]);
        string login = user is null ? "" : $"{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password!)}@";

        await using HopChain chain = await Connect($"socks5://{login}127.0.0.1:{port}");
        await Exchange.EchoAsync(chain, 5_000_000, Cancellation);

        Assert.Equal($"socks5://127.0.0.1:{port}", chain.Reports[0].Via);
    }

    [Theory]
    [InlineData("", "it wants a user and a password")]
    [InlineData("u:wrong@", "it does not accept the user and the password")]
    public async Task Socks5_proxy_that_does_not_let_us_in_is_named(string login, string reason)
    {
        int port = await StartMicrosocks("-u", "u", "-P", "right");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect($"socks5://{login}127.0.0.1:{port}"));

        Assert.EndsWith($"the proxy socks5://127.0.0.1:{port}: {reason}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_that_is_missing_and_cannot_be_asked_for_is_said_to_be()
    {
        int port = await StartMicrosocks("-u", "u", "-P", "right");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect($"socks5://u@127.0.0.1:{port}", prompt: FakePrompt.NoTerminal));

        Assert.EndsWith($"the proxy socks5://127.0.0.1:{port} needs the password of u, and there is no terminal to ask on", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_that_is_missing_is_asked_for()
    {
        int port = await StartMicrosocks("-u", "u", "-P", "right");
        var prompt = new FakePrompt("right");

        await using HopChain chain = await Connect($"socks5://u@127.0.0.1:{port}", prompt: prompt);

        Assert.Equal([$"u@socks5://127.0.0.1:{port}'s password: "], prompt.Questions);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("BasicAuth u right", true)]
    [InlineData("BasicAuth u right", false)]
    public async Task Http_proxy_carries_the_first_hop_for_who_may_use_it(string config, bool mayUse)
    {
        int port = await StartTinyproxy(config);
        string url = $"http://{(config.Length == 0 ? "" : mayUse ? "u:right@" : "u:wrong@")}127.0.0.1:{port}";
        if (mayUse)
        {
            await using HopChain chain = await Connect(url);
            await Exchange.EchoAsync(chain, 5_000_000, Cancellation);
            return;
        }

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(url));
        Assert.Contains($"the proxy http://127.0.0.1:{port}: it ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_resolved_by_the_proxy()
    {
        HopException socks = await Assert.ThrowsAsync<HopException>(async () =>
            await Connect($"socks5://127.0.0.1:{await StartMicrosocks()}", new Hop("no-such-host.invalid")));
        HopException http = await Assert.ThrowsAsync<HopException>(async () =>
            await Connect($"http://127.0.0.1:{await StartTinyproxy("")}", new Hop("no-such-host.invalid")));

        Assert.Contains("the proxy socks5://", socks.Message, StringComparison.Ordinal);
        Assert.Contains("it answers 5", http.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example.test", new byte[] { 4, 1, 0, 22, 0, 0, 0, 1, (byte)'m', (byte)'e', 0, (byte)'e' })]
    [InlineData("192.0.2.7", new byte[] { 4, 1, 0, 22, 192, 0, 2, 7, (byte)'m', (byte)'e', 0 })]
    public async Task Socks4_request_has_the_address_or_the_name(string host, byte[] start)
    {
        byte[] request = [];
        int port = Serve(async stream =>
        {
            byte[] buffer = new byte[100];
            request = buffer[..await stream.ReadAsync(buffer, Cancellation)];
            await stream.WriteAsync((byte[])[0, 91, 0, 0, 0, 0, 0, 0], Cancellation);
        });

        HopException e = await Assert.ThrowsAsync<HopException>(
            () => Connect($"socks4://me@127.0.0.1:{port}", new Hop(host)));

        Assert.EndsWith($"it cannot connect to {host}", e.Message, StringComparison.Ordinal);
        Assert.Equal(start, request[..start.Length]);
    }

    [Fact]
    public async Task Socks4_carries_the_first_hop()
    {
        TestSshd target = Target();
        int port = Serve(async stream =>
        {
            await stream.ReadExactlyAsync(new byte[9], Cancellation);
            await stream.WriteAsync((byte[])[0, 90, 0, 0, 0, 0, 0, 0], Cancellation);
            using var client = new TcpClient();
            await client.ConnectAsync(target.Address, target.Port, Cancellation);
            NetworkStream remote = client.GetStream();
            await Task.WhenAny(stream.CopyToAsync(remote, Cancellation), remote.CopyToAsync(stream, Cancellation));
        });

        await using HopChain chain = await Connect($"socks4://127.0.0.1:{port}", target.Hop);
        await Exchange.EchoAsync(chain, 1_000_000, Cancellation);
    }

    [Theory]
    [InlineData("socks5", "HTTP/1.0 400 Bad\r\n\r\n", "this is no SOCKS 5 proxy")]
    [InlineData("socks4", "HTTP/1.0 400 Bad\r\n\r\n", "this is no SOCKS 4 proxy")]
    [InlineData("socks5", "\u0005", "it closed the connection")]
    [InlineData("http", "SSH-2.0-x\r\n\r\n", "this is no HTTP proxy")]
    [InlineData("http", "HTTP/1.1 403 Not\u001b[31m for you\r\n\r\n", "it answers 403 Not?[31m for you")]
    [InlineData("http", "HTTP/1.1 200 OK\r\n", "it closed the connection")]
    [InlineData("http", null, "its answer is too long")]
    public async Task Proxy_that_is_something_else_is_one_clear_line(string scheme, string? answer, string reason)
    {
        int port = Serve(async stream =>
        {
            await stream.ReadExactlyAsync(new byte[3], Cancellation);
            string text = answer ?? "HTTP/1.1 200 OK\r\n" + new string('a', 20_000);
            await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(text), Cancellation);
            stream.Socket.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null, Cancellation);
        });

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect($"{scheme}://127.0.0.1:{port}", new Hop("h")));

        Assert.EndsWith($"the proxy {scheme}://127.0.0.1:{port}: {reason}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_that_is_not_there_is_named()
    {
        int port = SshLab.FreePort();

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect($"socks5://127.0.0.1:{port}", new Hop("h")));

        Assert.EndsWith($"the proxy socks5://127.0.0.1:{port}: connection refused", e.Message, StringComparison.Ordinal);
    }

    private TestSshd Target()
    {
        TestSshd target = _lab.Start("target");
        _lab.Trust(target);
        return target;
    }

    private Task<HopChain> Connect(string proxy, Hop? hop = null, FakePrompt? prompt = null) => HopChain.ConnectAsync(
        [hop ?? Target().Hop], _lab.Settings with { Proxy = ProxyAddress.Parse(proxy) },
        prompt ?? FakePrompt.NoTerminal, Cancellation);

    private static int Serve(Func<NetworkStream, Task> serve)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
            listener.Stop();
            await serve(client.GetStream());
        }, Cancellation);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<int> StartMicrosocks(params string[] arguments)
    {
        int port = SshLab.FreePort();
        return Start("microsocks", port, ["-i", "127.0.0.1", "-p", $"{port}", .. arguments]);
    }

    private Task<int> StartTinyproxy(string config)
    {
        int port = SshLab.FreePort();
        string file = Path.Combine(_lab.Directory, $"tinyproxy-{port}.conf");
        File.WriteAllText(file, $"Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 10\nLogLevel Error\n{config}\n");
        return Start("tinyproxy", port, ["-d", "-c", file]);
    }

    private async Task<int> Start(string program, int port, string[] arguments)
    {
        var start = new ProcessStartInfo(Programs.Require(program), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        _proxies.Add(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (int i = 0; i < 500; i++)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Cancellation);
                return port;
            }
            catch (SocketException)
            {
                await Task.Delay(10, Cancellation);
            }
        }

        throw new InvalidOperationException($"{program} does not listen");
    }
}
