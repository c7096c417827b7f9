using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SyncHop.EndToEnd.Harness;

/// <summary>ProFTPD's mod_sftp on loopback, which hashes files for its clients (check-file) and has no copy-data; and a HOME from which synchop knows it as "pro".</summary>
internal sealed class ProFtpd : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly string Unpacked = Path.Combine(Repository.Root, "artifacts", "proftpd");
    private static readonly string Prefix = Directory.Exists(Unpacked) ? Unpacked : "";

    private readonly Process server;

    /// <param name="folder">A folder for its files and the client's.</param>
    public ProFtpd(string folder)
    {
        var port = FreePort();
        Home = Directory.CreateDirectory(folder + "/client-home").FullName;
        Directory.CreateDirectory(Home + "/.ssh");
        var files = Directory.CreateDirectory(folder + "/proftpd").FullName;
        var user = Run("id", "-un").Trim();
        var group = Run("id", "-gn").Trim();
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", files + "/host");
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Home + "/.ssh/id");
        File.WriteAllText(files + "/keys", Run("ssh-keygen", "-e", "-f", Home + "/.ssh/id.pub"));
        File.WriteAllText(files + "/passwd", $"{user}:x:{Libc.UserId}:{Run("id", "-g").Trim()}::{folder}:/bin/sh\n");
        File.WriteAllText(files + "/group", $"{group}:x:{Run("id", "-g").Trim()}:\n");
        foreach (var secret in new[] { "/passwd", "/group" })
            Libc.SetMode(files + secret, Tree.Octal("600"));
        File.WriteAllText(files + "/conf", $"""
            ServerType standalone
            DefaultAddress 127.0.0.1
            UseIPv6 off
            SocketBindTight on
            Port {port}
            PidFile {files}/pid
            ScoreboardFile {files}/scoreboard
            SystemLog {files}/log
            DelayTable none
            WtmpLog off
            ModulePath {Prefix}/usr/lib/proftpd
            LoadModule mod_sftp.c
            User {user}
            Group {group}
            RootLogin on
            RequireValidShell off
            AuthOrder mod_auth_file.c
            AuthUserFile {files}/passwd
            AuthGroupFile {files}/group
            AllowOverwrite on
            AllowStoreRestart on
            SFTPEngine on
            SFTPLog {files}/sftp-log
            SFTPHostKey {files}/host
            SFTPAuthorizedUserKeys file:{files}/keys
            SFTPAuthMethods publickey

            """);
        File.WriteAllText(Home + "/.ssh/config", $"Host pro\n  HostName 127.0.0.1\n  Port {port}\n  User {user}\n  IdentityFile {Home}/.ssh/id\n");
        File.WriteAllText(Home + "/.ssh/known_hosts", $"[127.0.0.1]:{port} {File.ReadAllText(files + "/host.pub")}");
        ProcessStartInfo start = new(Prefix + "/usr/sbin/proftpd", ["-n", "-c", files + "/conf"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LD_LIBRARY_PATH"] = string.Join(':', Directory.GetDirectories(Unpacked + "/usr/lib", "*-linux-gnu*"));
        server = Process.Start(start)!;
        var said = server.StandardError.ReadToEndAsync();
        _ = server.StandardOutput.ReadToEndAsync();
        for (var waited = Stopwatch.StartNew(); !Answers(port); Thread.Sleep(20))
        {
            if (!server.HasExited && waited.Elapsed < Limit)
                continue;
            Dispose();
            throw new InvalidOperationException($"proftpd did not start: {said.Result}");
        }
    }

    /// <summary>Whether the program is there.</summary>
    public static bool IsThere => File.Exists(Prefix + "/usr/sbin/proftpd") && File.Exists(Prefix + "/usr/lib/proftpd/mod_sftp.so");

    /// <summary>HOME for synchop.</summary>
    public string Home { get; }

    public void Dispose()
    {
        // Those of its sessions that are still open, too.
        server.Kill(entireProcessTree: true);
        server.WaitForExit();
        server.Dispose();
    }

    private static bool Answers(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static string Run(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{words[0]} failed");
    }
}
