using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SyncHop.Cli.Arguments;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Engine.Filters;
using SyncHop.Replicas.Local;

namespace SyncHop.Cli.Options;

/// <summary>The files and variables that filter rules on the command line refer to.</summary>
internal static class RuleFiles
{
    /// <summary>A builder that reads them.</summary>
    /// <param name="followsAll">Whether symlinks are followed whoever owns them.</param>
    public static FilterListBuilder NewBuilder(Func<bool> followsAll)
    {
        string? cvsIgnore = Environment.GetEnvironmentVariable("CVSIGNORE");
        return new FilterListBuilder((path, includes) => Read(path, followsAll(), includes), () => ReadHomeCvsIgnore(followsAll()), cvsIgnore is null ? null : ByteString.Encode(cvsIgnore));
    }

    /// <summary>A file's content; <c>-</c> is standard input, and of no name is nothing, as in rsync.</summary>
    /// <exception cref="FilterException">It cannot be read.</exception>
    private static byte[] Read(byte[] path, bool followsAll, bool includes)
    {
        if (path.Length == 0) return [];
        if (path is [(byte)'-']) return Posix.ReadAll(0) ?? throw Failure(includes, path, Marshal.GetLastPInvokeError());
        if (!followsAll)
        {
            using SafeFileHandle file = TrustedPath.OpenForReading(path, out string? failure) ?? throw Failure(includes, path, failure!);
            return Posix.ReadAll((int)file.DangerousGetHandle()) ?? throw Failure(includes, path, Marshal.GetLastPInvokeError());
        }
        int descriptor = Posix.OpenForReading(path);
        if (descriptor < 0) throw Failure(includes, path, Marshal.GetLastPInvokeError());
        try
        {
            return Posix.ReadAll(descriptor) ?? throw Failure(includes, path, Marshal.GetLastPInvokeError());
        }
        finally
        {
            Posix.Close(descriptor);
        }
    }

    private static byte[]? ReadHomeCvsIgnore(bool followsAll)
    {
        string? home = Environment.GetEnvironmentVariable("HOME");
        if (string.IsNullOrEmpty(home)) return null;
        try
        {
            return Read(ByteString.Encode(home + "/.cvsignore"), followsAll, includes: false);
        }
        catch (FilterException)
        {
            return null;
        }
    }

    private static FilterException Failure(bool includes, byte[] path, int error) =>
        Failure(includes, path, $"{Marshal.GetPInvokeErrorMessage(error)} ({error})");

    private static FilterException Failure(bool includes, byte[] path, string reason) =>
        new(ExitCode.FileIo, $"failed to open {(includes ? "in" : "ex")}clude file {ByteString.Decode(path)}: {reason}");
}
