using System.Diagnostics;
using System.Globalization;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(SyncHop.EndToEnd.Harness.Lab))]
// Most of a test's time it waits for the programs it runs; each has folders of its own.
[assembly: Parallelization(Mode = ParallelMode.All)]

namespace SyncHop.EndToEnd.Harness;

/// <summary>
/// The SSH servers of scripts/lab, shared by all tests of a run, and a folder for the tests' trees.
/// The servers end when this process does, however it ends: they wait for its pipe to close.
/// </summary>
public sealed class Lab : IDisposable
{
    private readonly ScratchSpace scratch = new();
    private readonly string root;
    private readonly Process servers;
    private int folders;

    public Lab()
    {
        // The unprivileged user gets through; the keys are protected where they are.
        root = scratch.Root;
        Directory = Path.Combine(root, "lab");
        servers = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "scripts", "lab"), [Directory])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (servers.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException("scripts/lab did not start (its messages are on standard error)");
        if (File.Exists(Path.Combine(Directory, "user")))
            OrdinaryUser = uint.Parse(File.ReadAllText(Path.Combine(Directory, "user")), CultureInfo.InvariantCulture);
        FakeShell = Path.Combine(root, "fake-rsh");
        File.WriteAllText(FakeShell, "#!/bin/sh\n# rsync's remote shell: runs the command here, whatever the host\nshift\nexec sh -c \"$*\"\n");
        Libc.SetMode(FakeShell, Tree.Octal("755"));
        Started = DateTimeOffset.UtcNow;
    }

    /// <summary>When the run began; a file's time after this is "now".</summary>
    public DateTimeOffset Started { get; }

    /// <summary>The folder of scripts/lab.</summary>
    public string Directory { get; }

    /// <summary>A directory on another file system than the tests' trees, where <see cref="HasOtherFileSystem"/>.</summary>
    public string OtherFileSystem => scratch.Elsewhere;

    /// <summary>Whether there is another file system.</summary>
    public bool HasOtherFileSystem => scratch.HasTwoFileSystems;

    /// <summary>A remote shell for rsync without any network.</summary>
    public string FakeShell { get; }

    /// <summary>The user that is not root: this process's own, or a throw-away one.</summary>
    public uint OrdinaryUser { get; } = Libc.UserId;

    /// <summary>HOME for a program that this user runs.</summary>
    public string HomeOf(uint user) => Path.Combine(Directory, user == Libc.UserId ? "home" : "user-home");

    /// <summary>The home on the target of the account that this user logs in to.</summary>
    public string RemoteHomeOf(uint user) => Path.Combine(Directory, user == Libc.UserId ? "remote-home" : "remote-user-home");

    /// <summary>The port of a hop, from the client's config.</summary>
    public string PortOf(string hop) => Setting(hop, "Port") ?? "22";

    /// <summary>The account at a hop.</summary>
    public string UserAt(string hop) => Setting(hop, "User")!;

    /// <summary>The address of a hop as the one before it must be asked for it.</summary>
    public string HostOf(string hop) => Setting(hop, "HostName") ?? hop;

    /// <summary>An empty folder that belongs to the user.</summary>
    public string NewFolder(uint user)
    {
        var path = Path.Combine(root, Interlocked.Increment(ref folders).ToString(CultureInfo.InvariantCulture));
        System.IO.Directory.CreateDirectory(path);
        if (Libc.UserId == 0)
            Libc.SetOwner(path, user, user);
        return path;
    }

    /// <summary>The program under test, run by the user.</summary>
    internal Command Synchop(string directory, uint user, params IReadOnlyList<string> arguments) =>
        new(directory, HomeOf(user), user, [Repository.Binary, .. arguments]);

    /// <summary>Removes a folder, names of any bytes and directories without permissions included.</summary>
    public static void Remove(string folder)
    {
        using var process = Process.Start("sh", ["-c", "rm -rf \"$0\" 2>/dev/null || { chmod -R u+rwx \"$0\" 2>/dev/null; rm -rf \"$0\"; }", folder]);
        process.WaitForExit();
    }

    private string? Setting(string hop, string name) => File.ReadLines(Path.Combine(HomeOf(Libc.UserId), ".ssh", "config"))
        .SkipWhile(line => line != "Host " + hop).Skip(1).TakeWhile(line => line.StartsWith(' '))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(words => words[0] == name)?[1];

    public void Dispose()
    {
        servers.StandardInput.Close();
        if (!servers.WaitForExit(TimeSpan.FromSeconds(10)))
            servers.Kill(entireProcessTree: true);
        servers.Dispose();
        scratch.Dispose();
    }
}
