using System.ComponentModel;
using System.Net.Sockets;

namespace SyncHop.Ssh.Transport;

/// <summary>ProxyCommand of ssh_config(5): a local program whose standard input and output are the connection.</summary>
/// <param name="command">What the shell runs, its tokens replaced.</param>
internal sealed class ProxyCommandLeg(string command) : Leg
{
    // A program sees the end of its connection as soon as the session is closed: this is only for those that hang.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private CommandProcess? _process;

    public override string Via => "ProxyCommand";

    public override bool IsProgram => true;

    protected override Task CarryAsync(Socket peer, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new LegException(HopFailureKind.Config, "ProxyCommand works on POSIX systems only");
        string shell = Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } own ? own : "/bin/sh";
        try
        {
            // No shell stays in between, so that ending the process ends the program.
            _process = CommandProcess.Start(shell, "exec " + command, peer);
        }
        catch (Win32Exception e)
        {
            throw new LegException(HopFailureKind.Connect, $"ProxyCommand: cannot run {Printable.Line(shell)}: {e.Message}");
        }

        // Now only the program holds this end: when it exits the connection ends, and the other way round.
        peer.Dispose();
        _process.Exit.ContinueWith(Explain, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public override void Dispose()
    {
        base.Dispose();
        if (!OperatingSystem.IsWindows()) _process?.End(Grace);
    }

    private void Explain(Task<int> exit)
    {
        string how = exit.Result >= 0 ? $"exit code {exit.Result}" : $"signal {-exit.Result}";
        End($"the ProxyCommand \"{Printable.Line(command)}\" ended with {how}");
    }
}
