using System.ComponentModel;
using System.Diagnostics;

namespace SyncHop.EndToEnd.Harness;

/// <summary>
/// Where the tests make their trees: in memory if there is enough of it and it can do what a disk can (ext4 searches long for
/// an inode after many removals, which is a quarter of the tests' time), otherwise in the directory for temporary files. It is removed however this process
/// ends: a shell waits for its pipe to close.
/// </summary>
internal sealed class ScratchSpace : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long Needed = 4L << 30;

    private readonly Process remover;

    public ScratchSpace()
    {
        var disk = Path.GetTempPath();
        var inMemory = Directory.Exists(Memory) ? Make(Memory) : Make(disk);
        var onDisk = Make(disk);
        (Root, Elsewhere) = IsSuitable(inMemory) ? (inMemory, onDisk) : (onDisk, inMemory);
        HasTwoFileSystems = Libc.TryStatus(Root)!.Value.FileSystem != Libc.TryStatus(Elsewhere)!.Value.FileSystem;
        // Whatever ends us also ends what still writes there, but perhaps a moment later.
        remover = Process.Start(new ProcessStartInfo("sh", ["-c", """
            trap '' INT TERM HUP
            cat
            for try in 1 2 3 4 5; do
                rm -rf "$@" 2>/dev/null && exit
                chmod -R u+rwx "$@" 2>/dev/null
                rm -rf "$@" 2>/dev/null && exit
                sleep 1
            done
            """, "remover", Root, Elsewhere])
        {
            RedirectStandardInput = true,
        })!;
    }

    /// <summary>A directory that everybody may enter.</summary>
    public string Root { get; }

    /// <summary>A directory that everybody may write to, on another file system where there is one.</summary>
    public string Elsewhere { get; }

    /// <summary>Whether <see cref="Elsewhere"/> is on another file system than <see cref="Root"/>.</summary>
    public bool HasTwoFileSystems { get; }

    public void Dispose()
    {
        remover.StandardInput.Close();
        remover.WaitForExit();
        remover.Dispose();
    }

    private static string Make(string directory)
    {
        var path = Path.Combine(directory, "synchop-e2e-" + Path.GetRandomFileName());
        Directory.CreateDirectory(path);
        Libc.SetMode(path, Tree.Octal("1777"));
        return path;
    }

    private static bool IsSuitable(string folder) =>
        new DriveInfo(folder).AvailableFreeSpace >= Needed && GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >= 2 * Needed
        && HasAttributes(folder) && MayExecute(folder + "/probe");

    private static bool HasAttributes(string folder) =>
        (Libc.UserId == 0 ? ["user.a=1", "trusted.a=1", "access=u6,u1234.4,g4,m4,o4"] : (string[])["user.a=1", "access=u6,u1234.4,g4,m4,o4"])
        .All(attribute => ExtendedAttribute.Parse(attribute).CanBeSetIn(folder + "/."));

    // Containers often forbid it there.
    private static bool MayExecute(string file)
    {
        File.WriteAllText(file, "#!/bin/sh\n");
        Libc.SetMode(file, Tree.Octal("755"));
        try
        {
            using var probe = Process.Start(file);
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
