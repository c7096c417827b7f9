using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SyncHop.EndToEnd.Harness;

/// <summary>A gateway and a target of their own for one test: two sshd's on loopback, with logs that nobody else writes to.</summary>
internal sealed class SshPair : IDisposable
{
    private static readonly string[] s_sshd = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"];

    private readonly string _folder;
    private readonly List<Process> _servers = [];
    private readonly Dictionary<string, int> _ports = [];

    /// <param name="folder">An empty folder.</param>
    /// <param name="targetSettings">Lines of the target's sshd_config, which win over the usual ones.</param>
    /// <param name="offersSftp">Whether the target has the sftp subsystem.</param>
    public SshPair(string folder, string targetSettings, bool offersSftp = true)
    {
        _folder = folder;
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Key);
        File.Copy(Key + ".pub", AuthorizedKeys);
        Serve("gw", "", offersSftp);
        Serve("target", targetSettings, offersSftp);
        Connect(_ports["gw"]);
    }

    /// <summary>An ssh config with both hosts.</summary>
    public string Config => Path.Combine(_folder, "config");

    /// <summary>The keys that both hosts let in.</summary>
    public string AuthorizedKeys => Path.Combine(_folder, "authorized_keys");

    /// <summary>Where the gateway listens.</summary>
    public IPEndPoint Gateway => new(IPAddress.Loopback, _ports["gw"]);

    /// <summary>Where the target listens.</summary>
    public IPEndPoint Target => new(IPAddress.Loopback, _ports["target"]);

    private string Key => Path.Combine(_folder, "key");

    /// <summary>Makes the config reach the gateway by another port, that of a link.</summary>
    public void Connect(int gatewayPort) => File.WriteAllText(Config, Section("gw", gatewayPort) + Section("target", _ports["target"]));

    /// <summary>How often somebody was let in.</summary>
    public int Logins(string server) => Log(server).Split("Accepted publickey").Length - 1;

    /// <summary>How often SFTP was started at the target.</summary>
    public int Starts => Log("target").Split("Starting session: subsystem 'sftp'").Length - 1;

    private string Log(string server) => File.ReadAllText(Path.Combine(_folder, server + ".log"));

    /// <summary>Ends the session at the target that began last, as a crash does.</summary>
    public void KillNewestSession()
    {
        Process server = _servers[^1];
        string[] sessions = File.ReadAllText($"/proc/{server.Id}/task/{server.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using Process newest = Process.GetProcessById(int.Parse(sessions[^1], CultureInfo.InvariantCulture));
        newest.Kill();
    }

    public void Dispose()
    {
        foreach (Process server in _servers)
        {
            server.Kill();
            server.Dispose();
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program}: exit code {process.ExitCode}");
    }

    private void Serve(string name, string settings, bool offersSftp)
    {
        string hostKey = Path.Combine(_folder, name + ".key"), config = Path.Combine(_folder, name + ".conf");
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKey);
        using (Socket free = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _ports[name] = ((IPEndPoint)free.LocalEndPoint!).Port;
        }
        File.WriteAllText(config, $"""
            {settings}
            ListenAddress 127.0.0.1:{_ports[name]}
            HostKey {hostKey}
            PidFile none
            AuthorizedKeysFile {AuthorizedKeys}
            StrictModes no
            UsePAM no
            UseDNS no
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            LogLevel VERBOSE
            {(offersSftp ? "Subsystem sftp internal-sftp" : "")}

            """);
        Process server = Process.Start(s_sshd.First(File.Exists), ["-D", "-f", config, "-E", Path.Combine(_folder, name + ".log")]);
        _servers.Add(server);
        for (Stopwatch patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(20); Thread.Sleep(20))
        {
            if (File.Exists(Path.Combine(_folder, name + ".log")) && Log(name).Contains("Server listening", StringComparison.Ordinal)) return;
        }
        throw new InvalidOperationException($"sshd did not start: {Log(name)}");
    }

    private string Section(string name, int port) => $"""
        Host {name}
            HostName 127.0.0.1
            HostKeyAlias {name}
            Port {port}
            User {Environment.UserName}
            IdentityFile {Key}
            IdentitiesOnly yes
            StrictHostKeyChecking no
            UserKnownHostsFile {Path.Combine(_folder, "known_hosts")}

        """;
}
