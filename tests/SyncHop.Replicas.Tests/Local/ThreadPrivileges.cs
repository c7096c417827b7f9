using System.Runtime.InteropServices;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

/// <summary>
/// Runs an action, which must complete synchronously, on a thread of its own with other privileges. The kernel keeps file
/// system user, capabilities and mount namespace per thread, so the rest of the process is not touched.
/// </summary>
internal static partial class ThreadPrivileges
{
    private const uint Nobody = 65534;
    private const int CloneNewNamespace = 0x20000;
    private const uint RecursivePrivate = 0x4000 | 0x40000;

    /// <summary>With the rights of an ordinary user (those of this process when it is one).</summary>
    public static void RunAsOrdinaryUser(Func<Task> action) => Run(() =>
    {
        if (geteuid() == 0)
        {
            _ = setfsgid(Nobody);
            _ = setfsuid(Nobody);
        }
        action().GetAwaiter().GetResult();
    });

    /// <summary>With a tmpfs of 64 KiB mounted at <paramref name="path"/>; skips the test where that is not permitted.</summary>
    public static void RunWithSmallFileSystem(string path, Func<Task> action)
    {
        bool isMounted = false;
        Run(() =>
        {
            isMounted = unshare(CloneNewNamespace) == 0
                && mount("none", "/", null, RecursivePrivate, null) == 0
                && mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0;
            if (isMounted) action().GetAwaiter().GetResult();
        });
        Assert.SkipUnless(isMounted, "mounting is not permitted here");
    }

    private static void Run(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                action();
            }
#pragma warning disable CA1031 // carried to the test's thread
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial int setfsuid(uint uid);

    [LibraryImport("libc")]
    private static partial int setfsgid(uint gid);

    [LibraryImport("libc")]
    private static partial int unshare(int flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string? type, nuint flags, string? data);
}
