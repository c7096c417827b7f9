using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SyncHop.Cli.Terminal;
using SyncHop.Replicas.Local;

namespace SyncHop.Cli.Endpoints;

/// <summary>Files on this machine that options name: lists and rules.</summary>
internal static class NamedFile
{
    /// <summary>Reads all of one; <c>-</c> is standard input.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="followsAll">Whether symlinks are followed whoever owns them (<c>--insecure-links</c>); otherwise see <see cref="TrustedPath"/>.</param>
    /// <param name="failure">The exception to be thrown for a reason, which ends with the errno in parentheses where there is one.</param>
    public static byte[] Read(byte[] path, bool followsAll, Func<string, Exception> failure)
    {
        if (path is [(byte)'-']) return ReadAll(0);
        if (!followsAll)
        {
            using SafeFileHandle file = TrustedPath.OpenForReading(path, out string? reason) ?? throw failure(reason!);
            return ReadAll((int)file.DangerousGetHandle());
        }
        int descriptor = Posix.OpenForReading(path);
        if (descriptor < 0) throw failure(LastError());
        try
        {
            return ReadAll(descriptor);
        }
        finally
        {
            Posix.Close(descriptor);
        }

        byte[] ReadAll(int from) => Posix.ReadAll(from) ?? throw failure(LastError());
    }

    private static string LastError()
    {
        int error = Marshal.GetLastPInvokeError();
        return $"{Marshal.GetPInvokeErrorMessage(error)} ({error})";
    }
}
