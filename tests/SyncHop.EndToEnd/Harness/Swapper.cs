using System.Runtime.InteropServices;

namespace SyncHop.EndToEnd.Harness;

/// <summary>
/// An attacker who can rename in a tree: for as long as this lives, a directory in it and a symlink that leads out of it change
/// places again and again, each time in one step, so that there is never nothing under the name.
/// </summary>
internal sealed partial class Swapper : IDisposable
{
    private const int CurrentDirectory = -100;
    private const uint Exchange = 2; // RENAME_EXCHANGE, renameat2(2)

    private readonly string directory, link, target;
    private readonly Thread thread;
    private volatile bool ends;
    private int exchanges;

    /// <summary>Begins.</summary>
    /// <param name="directory">The directory in the tree.</param>
    /// <param name="link">Where the symlink, or by turns the directory, is: on the same file system, outside the tree.</param>
    /// <param name="target">Where the symlink leads.</param>
    public Swapper(string directory, string link, string target)
    {
        this.directory = directory;
        this.link = link;
        this.target = target;
        File.CreateSymbolicLink(link, target);
        thread = new Thread(Run) { IsBackground = true };
        thread.Start();
    }

    /// <summary>How often they changed places.</summary>
    public int Exchanges => Volatile.Read(ref exchanges);

    /// <summary>Stops, with the directory in its own place.</summary>
    public void Dispose()
    {
        ends = true;
        thread.Join();
        if (IsLink(directory)) Swap();
        Remove(link);
    }

    private void Run()
    {
        var random = new Random(1);
        while (!ends)
        {
            Swap();
            // The run may have put a directory in the symlink's place, as it should.
            if (!IsLink(directory) && !IsLink(link))
            {
                if (Remove(link)) File.CreateSymbolicLink(link, target);
            }
            // From as fast as possible to about the time that a run needs for a directory.
            Thread.SpinWait(random.Next(20_000));
            if (random.Next(4) == 0) Thread.Sleep(1);
        }
    }

    private static bool IsLink(string path) => Libc.TryStatus(path) is { Kind: 'l' };

    private static bool Remove(string path)
    {
        try
        {
            if (Libc.TryStatus(path) is { Kind: 'd' }) Directory.Delete(path, recursive: true);
            else File.Delete(path);
            return true;
        }
        catch (IOException)
        {
            // The run still writes to it.
            return false;
        }
    }

    private void Swap()
    {
        if (renameat2(CurrentDirectory, ByteString.ToPath(directory), CurrentDirectory, ByteString.ToPath(link), Exchange) == 0) Interlocked.Increment(ref exchanges);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int renameat2(int fromDirectory, byte[] from, int toDirectory, byte[] to, uint flags);
}
