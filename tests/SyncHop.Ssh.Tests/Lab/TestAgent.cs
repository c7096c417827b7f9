using System.Diagnostics;

namespace SyncHop.Ssh.Tests.Lab;

/// <summary>OpenSSH's ssh-agent on a socket of its own.</summary>
internal sealed class TestAgent : IDisposable
{
    private readonly Process _process;
    private bool _disposed;

    public TestAgent(SshLab lab)
    {
        Socket = Path.Combine(lab.Directory, "agent.sock");
        // Its questions are answered with no.
        var start = new ProcessStartInfo("ssh-agent", ["-D", "-a", Socket]) { RedirectStandardOutput = true };
        start.Environment["SSH_ASKPASS"] = "/bin/false";
        start.Environment["SSH_ASKPASS_REQUIRE"] = "force";
        _process = Process.Start(start)!;
        for (int i = 0; i < 500 && !File.Exists(Socket); i++) Thread.Sleep(10);
    }

    public string Socket { get; }

    public void Add(string key, params string[] options) => SshLab.Run(
        "env", ["SSH_AUTH_SOCK=" + Socket, "SSH_ASKPASS_REQUIRE=never", "ssh-add", "-q", .. options, key]);

    /// <summary>Adds a key that has a passphrase.</summary>
    public void AddLocked(string key, string passphrase)
    {
        string script = key + ".askpass";
        File.WriteAllText(script, $"#!/bin/sh\necho {passphrase}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        SshLab.Run("env", ["SSH_AUTH_SOCK=" + Socket, "SSH_ASKPASS=" + script, "SSH_ASKPASS_REQUIRE=force", "ssh-add", "-q", key]);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
