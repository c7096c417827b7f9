using System.Net;
using System.Net.Sockets;
using SyncHop.LinkEmulator;

namespace SyncHop.Compare;

/// <summary>
/// A gateway and a target: two throw-away sshd's on loopback, and the client's ssh config for them. The gateway allows
/// forwarding and nothing else. A link lies before the gateway and another between it and the target.
/// </summary>
internal sealed class Lab : IDisposable
{
    private static readonly string[] Servers = ["gw", "target"];
    private static readonly string[] Sshd = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"];
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly string _work;
    private readonly IPEndPoint _gateway;
    private readonly IPEndPoint _target;
    private readonly List<ChildProcess> _servers = [];

    /// <summary>Makes the keys and starts the servers.</summary>
    /// <param name="work">An empty folder.</param>
    /// <exception cref="InvalidOperationException">A server did not start.</exception>
    public Lab(string work)
    {
        _work = work;
        RemoteHome = Directory.CreateDirectory(Path.Combine(work, "remote")).FullName;
        foreach (string key in Servers.SelectMany(name => new[] { $"client-{name}", $"host-{name}" }))
            Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", Path.Combine(work, key));
        _gateway = Serve("gw", "restrict,port-forwarding ");
        _target = Serve("target", "");
        File.WriteAllText(
            Path.Combine(work, "known_hosts"),
            string.Concat(Servers.Select(name => $"{name} {File.ReadAllText(Path.Combine(work, $"host-{name}.pub"))}")));
    }

    /// <summary>The target's folder for the copies.</summary>
    public string RemoteHome { get; }

    /// <summary>The client's ssh config for the links that are open now; <c>target</c> has its ProxyJump there.</summary>
    public string Config => Path.Combine(_work, "config");

    /// <summary>The port by which the gateway reaches the target now.</summary>
    public int TargetPort { get; private set; }

    /// <summary>Puts links before both servers, and the config to them.</summary>
    /// <param name="settings">What both are like together; null for no emulation at all.</param>
    public Links Open(LinkSettings? settings)
    {
        if (settings is null)
        {
            WriteConfig(_gateway.Port, _target.Port);
            return new Links(null, null);
        }
        LinkSettings half = settings with { Delay = settings.Delay / 2 };
        Links links = new(new Link(half, _gateway), new Link(half, _target));
        WriteConfig(links.First!.Port, links.Second!.Port);
        return links;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ChildProcess server in _servers) server.Terminate();
    }

    private IPEndPoint Serve(string name, string restriction)
    {
        string keys = Path.Combine(_work, $"keys-{name}");
        File.WriteAllText(keys, restriction + File.ReadAllText(Path.Combine(_work, $"client-{name}.pub")));
        IPEndPoint endPoint = FreePort();
        string config = Path.Combine(_work, $"sshd-{name}");
        File.WriteAllText(config, $"""
            ListenAddress {endPoint}
            HostKey {Path.Combine(_work, $"host-{name}")}
            PidFile none
            AuthorizedKeysFile {keys}
            StrictModes no
            UsePAM no
            UseDNS no
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            MaxStartups 500
            MaxSessions 200
            SetEnv HOME={RemoteHome}
            Subsystem sftp internal-sftp -d {RemoteHome}

            """);
        string sshd = Sshd.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("sshd is missing");
        _servers.Add(new ChildProcess([sshd, "-D", "-e", "-f", config], _work, new Dictionary<string, string>(), Path.Combine(_work, $"log-{name}")));
        for (DateTime end = DateTime.UtcNow + StartLimit; DateTime.UtcNow < end; Thread.Sleep(20))
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(endPoint);
                return endPoint;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }
        throw new InvalidOperationException($"sshd did not start: {File.ReadAllText(Path.Combine(_work, $"log-{name}"))}");
    }

    private void WriteConfig(int gatewayPort, int targetPort)
    {
        TargetPort = targetPort;
        // The cipher that costs the least with AES instructions, for every program that uses this config.
        File.WriteAllText(Config, $"""
            Host gw
                HostKeyAlias gw
                Port {gatewayPort}
                IdentityFile {Path.Combine(_work, "client-gw")}
            Host target
                HostKeyAlias target
                Port {targetPort}
                IdentityFile {Path.Combine(_work, "client-target")}
                ProxyJump gw
            Host gw target
                HostName 127.0.0.1
                User {Environment.UserName}
                IdentitiesOnly yes
                StrictHostKeyChecking yes
                UserKnownHostsFile {Path.Combine(_work, "known_hosts")}
                GlobalKnownHostsFile none
                Ciphers aes128-gcm@openssh.com,chacha20-poly1305@openssh.com,aes128-ctr

            """);
    }

    private void Run(params string[] arguments)
    {
        string log = Path.Combine(_work, "log");
        if (ChildProcess.Run(arguments, _work, new Dictionary<string, string>(), log, StartLimit) is not { ExitCode: 0 })
            throw new InvalidOperationException($"{arguments[0]} failed: {File.ReadAllText(log)}");
    }

    private static IPEndPoint FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}

/// <summary>The two links of the lab while they are open.</summary>
/// <param name="First">Before the gateway; null for none.</param>
/// <param name="Second">Between gateway and target; null for none.</param>
internal sealed record Links(Link? First, Link? Second) : IDisposable
{
    /// <summary>Bytes carried on the first link, both directions.</summary>
    public long Bytes => First is null ? 0 : First.BytesUp + First.BytesDown;

    /// <inheritdoc/>
    public void Dispose()
    {
        First?.Dispose();
        Second?.Dispose();
    }
}
