using System.Diagnostics;
using System.Globalization;

namespace SyncHop.EndToEnd.Harness;

/// <summary>
/// A file system in memory that only programs in its own mount namespace see under its name. It can be filled and made read-only, and
/// goes away with its keeper, however this process ends. Needs the right to mount.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly Process keeper;
    private readonly string folder;

    private SmallDisk(Process keeper, string folder) => (this.keeper, this.folder) = (keeper, folder);

    /// <summary>What makes a program see it: to be put before its command line.</summary>
    public string[] Enter => ["nsenter", "-t", keeper.Id.ToString(CultureInfo.InvariantCulture), "-m", "--"];

    /// <summary>Where this process sees it.</summary>
    public string Path => $"/proc/{keeper.Id}/root{folder}";

    /// <summary>Mounts one; null where that is not allowed.</summary>
    /// <param name="folder">The directory where programs see it.</param>
    /// <param name="megabytes">How much it holds.</param>
    public static SmallDisk? TryMake(string folder, int megabytes)
    {
        if (Libc.UserId != 0) return null; // Of what is in another namespace, others see nothing.
        Directory.CreateDirectory(folder);
        // The shell that keeps the namespace does what it reads, and ends when nobody can write to it any more.
        var keeper = Process.Start(new ProcessStartInfo("unshare", ["-m", "--propagation", "private", "sh", "-c",
            "mount -t tmpfs -o \"size=$1m,mode=755\" none \"$0\" && exec sh", folder, megabytes.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        SmallDisk disk = new(keeper, folder);
        if (disk.Ask("true") == 0) return disk;
        disk.Dispose();
        return null;
    }

    /// <summary>Leaves only so much room.</summary>
    public void LeaveRoom(long bytes)
    {
        FreeRoom();
        var free = new DriveInfo(Path).AvailableFreeSpace;
        using var filler = File.OpenHandle(Path + "/filler", FileMode.Create, FileAccess.Write, preallocationSize: Math.Max(0, free - bytes));
    }

    /// <summary>Undoes <see cref="LeaveRoom"/>.</summary>
    public void FreeRoom() => File.Delete(Path + "/filler");

    /// <summary>Makes it read-only; false while a file on it is open for writing.</summary>
    public bool TryMakeReadOnly() => Ask($"mount -o remount,ro '{folder}'") == 0;

    /// <summary>Undoes <see cref="TryMakeReadOnly"/>.</summary>
    public void MakeWritable() => Assert.Equal(0, Ask($"mount -o remount,rw '{folder}'"));

    public void Dispose()
    {
        keeper.StandardInput.Close();
        if (!keeper.WaitForExit(TimeSpan.FromSeconds(10))) keeper.Kill();
        keeper.Dispose();
    }

    /// <summary>Has the keeper run a command; its exit code, or -1 when there is no keeper.</summary>
    private int Ask(string command)
    {
        try
        {
            keeper.StandardInput.WriteLine($"{command} >/dev/null 2>&1; echo $?");
            keeper.StandardInput.Flush();
        }
        catch (IOException)
        {
            return -1;
        }
        return int.TryParse(keeper.StandardOutput.ReadLine(), CultureInfo.InvariantCulture, out var code) ? code : -1;
    }
}
