using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using SyncHop.Jobs.Configuration;
using SyncHop.Jobs.Units;

namespace SyncHop.Jobs.Tests;

public sealed class ServiceUnitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly Job Job = JobFile.Parse("f", """
        [job.home]
        sources = "/home/"
        destination = "nas:home"
        keys = ["gw=credential:gw-key", "~/.ssh/other"]
        secrets = { credential = "nas-password" }
        credentials = { gw-key = "/etc/synchop/gw key" }
        """).Jobs[0];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Units_are_what_systemd_takes(bool isSystem)
    {
        ServiceUnits units = new(isSystem, _folder.Path);
        string program = Path.Combine(_folder.Path, "p$q 1%");
        File.CreateSymbolicLink(program, "/bin/true");
        IReadOnlyList<string> files = units.Install(Job, "/tmp/a \"b\" 100%/$x.toml", program, "*-*-* 03:00:00");
        Assert.Equal(["synchop-home.service", "synchop-home.timer"], files.Select(Path.GetFileName));
        string service = File.ReadAllText(files[0]), timer = File.ReadAllText(files[1]);
        Assert.Contains("/p$q 1%%\" --batch --job-file=\"/tmp/a \\\"b\\\" 100%%/$$x.toml\" --job=home\n", service, StringComparison.Ordinal);
        Assert.Contains("\nLoadCredential=gw-key:/etc/synchop/gw key\nLoadCredential=nas-password\n", service, StringComparison.Ordinal);
        Assert.Contains("\nType=notify\n", service, StringComparison.Ordinal);
        Assert.Equal(isSystem, service.Contains("ProtectKernelModules=yes", StringComparison.Ordinal));
        Assert.Contains("\nOnCalendar=*-*-* 03:00:00\nPersistent=true\nRandomizedDelaySec=", timer, StringComparison.Ordinal);
        Assert.Equal("", Verify(isSystem, files));

        Assert.Equal(files.Reverse(), units.Uninstall("home"));
        Assert.Equal(program, Assert.Single(Directory.EnumerateFiles(_folder.Path)));
        Assert.Empty(units.Uninstall("home"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_templates_of_the_packages_are_what_systemd_takes(bool isSystem)
    {
        (string service, string timer) = ServiceUnits.Template(isSystem);
        Assert.Contains(isSystem ? "\nExecStart=synchop --batch --job-file=/etc/synchop/jobs.toml --job=%i\n" : "\nExecStart=synchop --batch --job=%i\n", service, StringComparison.Ordinal);
        // The program is not installed here.
        string[] files = [Path.Combine(_folder.Path, "synchop@x.service"), Path.Combine(_folder.Path, "synchop@x.timer")];
        File.WriteAllText(files[0], service.Replace("ExecStart=synchop", "ExecStart=/bin/true", StringComparison.Ordinal));
        File.WriteAllText(files[1], timer);
        Assert.Equal("", Verify(isSystem, files));
    }

    [Fact]
    public void Units_that_somebody_else_made_stay()
    {
        ServiceUnits units = new(isSystem: false, _folder.Path);
        string file = Path.Combine(_folder.Path, "synchop-home.timer");
        File.WriteAllText(file, "[Timer]\n");
        Assert.Throws<IOException>(() => units.Install(Job, "/f", "/bin/true", "daily"));
        Assert.Throws<IOException>(() => units.Uninstall("home"));
        Assert.Equal("[Timer]\n", File.ReadAllText(file));
        Assert.Single(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void The_manager_is_told()
    {
        string path = Path.Combine(_folder.Path, "notify");
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        manager.ReceiveTimeout = 10_000;
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", path);
        try
        {
            using ServiceNotifier notifier = ServiceNotifier.FromEnvironment()!;
            notifier.Ready("begins");
            notifier.Status("1 of 2");
            notifier.Stopping("success");
        }
        finally
        {
            Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        }
        Assert.Null(ServiceNotifier.FromEnvironment());
        byte[] buffer = new byte[200];
        string[] told = [.. Enumerable.Range(0, 3).Select(_ => Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer)))];
        Assert.Equal(["READY=1\nSTATUS=begins", "STATUS=1 of 2", "STOPPING=1\nSTATUS=success"], told);
    }

    /// <summary>What systemd-analyze verify has to say of the units.</summary>
    private static string Verify(bool isSystem, IReadOnlyList<string> files)
    {
        ProcessStartInfo start = new("systemd-analyze", ["verify", "--man=no", "--recursive-errors=no", isSystem ? "--system" : "--user", .. files])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["XDG_RUNTIME_DIR"] = "/tmp";
        using Process process = Process.Start(start)!;
        string said = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && said.Length == 0 ? "" : $"exit code {process.ExitCode}\n{said}";
    }
}
