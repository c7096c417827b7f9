using System.Runtime.InteropServices;
using SyncHop.Cli.Arguments;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Engine.Filters;

namespace SyncHop.Cli.Options;

/// <summary>The files and variables that filter rules on the command line refer to.</summary>
internal static class RuleFiles
{
    /// <summary>A builder that reads them.</summary>
    public static FilterListBuilder NewBuilder()
    {
        string? cvsIgnore = Environment.GetEnvironmentVariable("CVSIGNORE");
        return new FilterListBuilder(Read, ReadHomeCvsIgnore, cvsIgnore is null ? null : ByteString.Encode(cvsIgnore));
    }

    /// <summary>A file's content; <c>-</c> is standard input.</summary>
    /// <exception cref="FilterException">It cannot be read.</exception>
    private static byte[] Read(byte[] path)
    {
        if (path is [(byte)'-']) return Posix.ReadAll(0) ?? throw Failure("read", path, Marshal.GetLastPInvokeError());
        int descriptor = Posix.OpenForReading(path);
        if (descriptor < 0) throw Failure("open", path, Marshal.GetLastPInvokeError());
        try
        {
            return Posix.ReadAll(descriptor) ?? throw Failure("read", path, Marshal.GetLastPInvokeError());
        }
        finally
        {
            Posix.Close(descriptor);
        }
    }

    private static byte[]? ReadHomeCvsIgnore()
    {
        string? home = Environment.GetEnvironmentVariable("HOME");
        if (string.IsNullOrEmpty(home)) return null;
        try
        {
            return Read(ByteString.Encode(home + "/.cvsignore"));
        }
        catch (FilterException)
        {
            return null;
        }
    }

    private static FilterException Failure(string verb, byte[] path, int error) => new(
        ExitCode.FileIo, $"failed to {verb} exclude file {ByteString.Decode(path)}: {Marshal.GetPInvokeErrorMessage(error)} ({error})");
}
