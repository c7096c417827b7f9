using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SyncHop.Jobs.Locking;

/// <summary>
/// Keeps two runs from doing the same work: an exclusive flock(2) on a file. The kernel gives it up with the process, however that
/// ends, so no lock outlives its holder; the file stays, since removing it would let two runs hold two files of one name.
/// </summary>
public sealed partial class RunLock : IDisposable
{
    private const int Exclusive = 2, NonBlocking = 4; // LOCK_EX, LOCK_NB
    private const int ReadWrite = 2, Create = 0x40, CloseOnExec = 0x80000, OwnerOnly = 0x180; // 0600
    private const int Again = 11, Interrupted = 4; // EWOULDBLOCK, EINTR
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    private readonly SafeFileHandle _file;

    private RunLock(SafeFileHandle file, LockHolder? former) => (_file, Former) = (file, former);

    /// <summary>Who held the lock and ended without giving it up: killed, or with the machine; null when nobody did.</summary>
    public LockHolder? Former { get; }

    /// <summary>Takes the lock.</summary>
    /// <param name="path">The lock's file; made where missing, its directories too.</param>
    /// <param name="wait">How long it may take until it is free; zero for not at all.</param>
    /// <param name="waits">Is told once of the holder, if it has to be waited for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LockHeldException">Somebody else holds it, and still does after <paramref name="wait"/>.</exception>
    /// <exception cref="IOException">The file cannot be made or locked.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static async Task<RunLock> AcquireAsync(string path, TimeSpan wait, Action<LockHolder?>? waits, CancellationToken cancellation)
    {
        SafeFileHandle file = Open(path);
        try
        {
            long started = Stopwatch.GetTimestamp();
            bool told = false;
            while (!TryLock(file, path))
            {
                LockHolder? holder = ReadHolder(file);
                TimeSpan left = wait - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero) throw new LockHeldException(path, holder, wait);
                if (!told) waits?.Invoke(holder);
                told = true;
                await Task.Delay(left < s_interval ? left : s_interval, cancellation).ConfigureAwait(false);
            }
            LockHolder? former = ReadHolder(file);
            if (former is null && RandomAccess.GetLength(file) > 0) throw new IOException($"{path} is not a lock's file, and stays as it is");
            Write(file, LockHolder.Me().ToText());
            return new RunLock(file, former);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whom a lock's file names, without touching the lock; null where nobody holds it or it cannot be read.</summary>
    public static LockHolder? HolderOf(string path)
    {
        using SafeFileHandle file = OpenFile(path, CloseOnExec, 0);
        return file.IsInvalid ? null : ReadHolder(file);
    }

    /// <summary>Gives the lock up.</summary>
    public void Dispose()
    {
        if (_file.IsClosed) return;
        try
        {
            RandomAccess.SetLength(_file, 0); // What an empty file says: nobody was killed.
        }
        catch (IOException)
        {
            // A full or broken disk: the next holder is told of us.
        }
        _file.Dispose();
    }

    private static SafeFileHandle Open(string path)
    {
        // The place is ours to make where nobody typed it: a mistyped FILE must not be another lock.
        if (Path.GetDirectoryName(path) is { } directory && directory.StartsWith(StateDirectory.Path, StringComparison.Ordinal))
        {
            try
            {
                Directory.CreateDirectory(directory);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"cannot make the directory of the lock {path}: {e.Message}", e);
            }
        }
        // Not by .NET, which locks every file it opens for writing in its own way.
        SafeFileHandle file = OpenFile(path, ReadWrite | Create | CloseOnExec, OwnerOnly);
        if (!file.IsInvalid) return file;
        int error = Marshal.GetLastPInvokeError();
        throw new IOException($"cannot open the lock {path}: {Marshal.GetPInvokeErrorMessage(error)} ({error})");
    }

    private static bool TryLock(SafeFileHandle file, string path)
    {
        while (true)
        {
            if (Lock(file, Exclusive | NonBlocking) == 0) return true;
            int error = Marshal.GetLastPInvokeError();
            if (error == Again) return false;
            if (error != Interrupted) throw new IOException($"{path} cannot be locked: {Marshal.GetPInvokeErrorMessage(error)} ({error})");
        }
    }

    private static LockHolder? ReadHolder(SafeFileHandle file)
    {
        Span<byte> text = stackalloc byte[LockHolder.LongestText];
        return LockHolder.Parse(Encoding.UTF8.GetString(text[..RandomAccess.Read(file, text, 0)]));
    }

    private static void Write(SafeFileHandle file, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            RandomAccess.Write(file, bytes, 0); // Cut afterwards: whenever this is interrupted the file is a lock's.
            RandomAccess.SetLength(file, bytes.Length);
        }
        catch (IOException)
        {
            // A full disk is no reason not to run: the lock is held, only who holds it is not told.
            RandomAccess.SetLength(file, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeHandle file, int operation);
}

/// <summary>Somebody else holds a lock.</summary>
/// <param name="path">The lock's file.</param>
/// <param name="holder">Who holds it; null where the file does not say.</param>
/// <param name="waited">How long it was waited for.</param>
public sealed class LockHeldException(string path, LockHolder? holder, TimeSpan waited) : Exception(Describe(path, holder, waited))
{
    private static string Describe(string path, LockHolder? holder, TimeSpan waited)
    {
        string who = holder?.ToString() ?? "another process";
        return $"{path} is locked by {who}{(waited > TimeSpan.Zero ? $" (waited {waited.TotalSeconds:0.#} s)" : "")}";
    }
}
