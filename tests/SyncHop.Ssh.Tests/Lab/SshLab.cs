using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SyncHop.Ssh.Tests.Lab;

/// <summary>A temporary directory with user keys, an ssh_config, known hosts, and sshd's on 127.0.0.1.</summary>
internal sealed class SshLab : IDisposable
{
    private readonly List<TestSshd> _servers = [];

    public SshLab()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("synchop-ssh-test-").FullName;
        System.IO.Directory.CreateDirectory(HomeSsh);
        UserKey = CreateKey("user");
        if (Environment.UserName == "root") System.IO.Directory.CreateDirectory("/run/sshd");
    }

    public string Directory { get; }

    public string HomeSsh => Path.Combine(Directory, "home", ".ssh");

    public string KnownHosts => Path.Combine(HomeSsh, "known_hosts");

    public string UserKey { get; }

    /// <summary>The names in the config are known only through it: HostName of every one is a loopback address.</summary>
    public SshSettings Settings => new()
    {
        Home = Path.Combine(Directory, "home"),
        SystemDirectory = Path.Combine(Directory, "etc"),
        Identities = [new Identity(UserKey)],
        ConnectTimeout = TimeSpan.FromSeconds(20),
        EnvironmentVariable = name => name == "SSH_AUTH_SOCK" ? null : Environment.GetEnvironmentVariable(name),
    };

    public string CreateKey(string name, string type = "ed25519", string passphrase = "", params string[] more)
    {
        string path = Path.Combine(Directory, name);
        Run("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", name, "-f", path, .. more]);
        return path;
    }

    /// <summary>Starts a server; <paramref name="address"/> tells hops apart that have the same port.</summary>
    public TestSshd Start(string name, string? authorizedKeys = null, string extra = "", string address = "127.0.0.1",
        string? password = null, int? port = null)
    {
        var server = new TestSshd(this, name, authorizedKeys ?? PublicKey(UserKey), extra, address, password, port);
        _servers.Add(server);
        return server;
    }

    public static string PublicKey(string path) => File.ReadAllText(path + ".pub").Trim();

    public void Trust(TestSshd server) => File.AppendAllText(KnownHosts, server.KnownHostsLine + "\n");

    public void WriteConfig(string text) => File.WriteAllText(Path.Combine(HomeSsh, "config"), text);

    public static int FreePort()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    public static string Run(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program}: {errors.Result}{output}");
        return output;
    }

    public void Dispose()
    {
        foreach (TestSshd server in _servers) server.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}

/// <summary>One sshd with a host key of its own.</summary>
internal sealed class TestSshd : IDisposable
{
    private readonly Process _process;
    private readonly string _log;
    private bool _disposed;

    public TestSshd(SshLab lab, string name, string authorizedKeys, string extra, string address, string? password, int? port)
    {
        string directory = Path.Combine(lab.Directory, name);
        Directory.CreateDirectory(directory);
        HostKey = lab.CreateKey(Path.Combine(name, "host"));
        Address = address;
        Port = port ?? SshLab.FreePort();
        _log = Path.Combine(directory, "log");
        File.WriteAllText(Path.Combine(directory, "authorized_keys"), authorizedKeys + "\n");
        var config = new StringBuilder();
        config.AppendLine($"ListenAddress {(address.Contains(':') ? $"[{address}]" : address)}:{Port}");
        config.AppendLine($"HostKey {HostKey}");
        config.AppendLine($"AuthorizedKeysFile {Path.Combine(directory, "authorized_keys")}");
        config.AppendLine("PidFile none");
        config.AppendLine("StrictModes no");
        if (!extra.Contains("UsePAM", StringComparison.Ordinal)) config.AppendLine("UsePAM no");
        config.AppendLine("PermitRootLogin yes");
        if (!extra.Contains("KbdInteractive", StringComparison.Ordinal)) config.AppendLine("KbdInteractiveAuthentication no");
        if (!extra.Contains("MaxStartups", StringComparison.Ordinal)) config.AppendLine("MaxStartups 100");
        config.AppendLine("LogLevel VERBOSE");
        // Subsystems run by the user's shell; a bash that believes it is a nested one does not read .bashrc.
        config.AppendLine("SetEnv SHLVL=5");
        config.AppendLine("Subsystem sftp internal-sftp");
        config.AppendLine("Subsystem echo /bin/cat");
        config.AppendLine("Subsystem zeros /usr/bin/head -c 1000000000 /dev/zero");
        config.AppendLine("Subsystem deaf /bin/sleep 60");
        config.AppendLine(extra);
        string file = Path.Combine(directory, "sshd_config");
        File.WriteAllText(file, config.ToString());
        string[] command = ["/usr/sbin/sshd", "-D", "-f", file, "-E", _log];
        if (password is not null) command = [.. TestPassword.Wrapper(directory, password), .. command];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]))!;
        WaitUntilListening();
    }

    public string Address { get; }

    public int Port { get; }

    public string HostKey { get; }

    public string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    public string HostKeyBlob => SshLab.PublicKey(HostKey).Split(' ')[1];

    public string KnownHostsLine => $"[{Address}]:{Port} ssh-ed25519 {HostKeyBlob}";

    public Hop Hop => new(Address, Port);

    /// <summary>Stops the server and all its sessions without closing a connection, as a lost host does.</summary>
    public void Freeze()
    {
        foreach (int id in Tree(_process.Id)) SshLab.Run("kill", ["-STOP", $"{id}"]);
    }

    /// <summary>How often the log has a text.</summary>
    public int Count(string text) => Log.Split(text).Length - 1;

    /// <summary>How many connections it has: each is a process of its own. (What its log says of an end depends on what it was just writing.)</summary>
    public int Connections => Children(_process.Id).Length;

    /// <summary>Ends the server; its sessions go on.</summary>
    public void StopListening()
    {
        SshLab.Run("kill", [$"{_process.Id}"]);
        _process.WaitForExit();
    }

    /// <summary>Sends a signal to the session that was accepted last.</summary>
    public void SignalNewestSession(string signal)
    {
        string newest = Children(_process.Id)[^1];
        // The server's process first: the end of its program alone would be a normal end.
        IEnumerable<int> tree = Tree(int.Parse(newest, System.Globalization.CultureInfo.InvariantCulture)).Reverse();
        SshLab.Run("kill", ["-" + signal, .. tree.Select(id => $"{id}")]);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static IEnumerable<int> Tree(int id)
    {
        foreach (string child in Children(id))
            foreach (int inner in Tree(int.Parse(child, System.Globalization.CultureInfo.InvariantCulture)))
                yield return inner;
        yield return id;
    }

    private static string[] Children(int id) =>
        File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private void WaitUntilListening()
    {
        for (int i = 0; i < 500; i++)
        {
            if (_process.HasExited) throw new InvalidOperationException("sshd: " + Log);
            if (Log.Contains($"listening on {Address} port {Port}", StringComparison.Ordinal)) return;
            Thread.Sleep(10);
        }

        throw new InvalidOperationException("sshd does not listen: " + Log);
    }
}
