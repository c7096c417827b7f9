using SyncHop.Cli.Arguments;
using SyncHop.Cli.Endpoints;
using SyncHop.Engine;
using SyncHop.Engine.Filters;

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

    /// <summary>A file's content; of no name it is nothing, as in rsync.</summary>
    /// <exception cref="FilterException">It cannot be read.</exception>
    private static byte[] Read(byte[] path, bool followsAll, bool includes) => path.Length == 0 ? [] : NamedFile.Read(path, followsAll, reason =>
        new FilterException(ExitCode.FileIo, $"failed to open {(includes ? "in" : "ex")}clude file {ByteString.Decode(path)}: {reason}"));

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
}
