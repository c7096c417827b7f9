using System.Security.Cryptography;
using SyncHop.Sftp;

namespace SyncHop.Cli.Checking;

/// <summary>What <c>--check</c> finds out about a path on the final host, and about the host's clock.</summary>
/// <param name="Kind">What is there; null when nothing is.</param>
/// <param name="Readable">Null where it was not tried.</param>
/// <param name="Writable">Whether a file can be made in the directory, or beside the file; null where it was not tried.</param>
/// <param name="ReadProblem">Why it is not readable; null for nothing to say.</param>
/// <param name="WriteProblem">Why it is not writable, or why something was left behind; null for nothing to say.</param>
/// <param name="Uid">The user that new files belong to; null where none was made, or the server does not tell.</param>
/// <param name="Clock">How far the host's clock is ahead of ours; null where it was not measured.</param>
internal sealed record PathFacts(
    SftpFileType? Kind, bool? Readable, bool? Writable, string? ReadProblem, string? WriteProblem, uint? Uid, ClockDifference? Clock)
{
    /// <summary>Whether it is only read from, so that nothing was written.</summary>
    public bool IsSource { get; init; }

    /// <summary>Whether a run would find nothing to read.</summary>
    public bool IsMissingSource => this is { IsSource: true, Kind: null, Readable: null };
}

/// <summary>How far another clock is ahead of ours.</summary>
/// <param name="Ahead">Negative when it is behind.</param>
/// <param name="Uncertainty">The true difference is at most this far from it: the protocol tells whole seconds.</param>
internal readonly record struct ClockDifference(TimeSpan Ahead, TimeSpan Uncertainty)
{
    /// <summary>Compares the time a file was made, in whole seconds, with our time before and after it was made.</summary>
    public static ClockDifference Of(uint madeAt, DateTimeOffset before, DateTimeOffset after)
    {
        TimeSpan earliest = DateTimeOffset.FromUnixTimeSeconds(madeAt) - after;
        TimeSpan latest = DateTimeOffset.FromUnixTimeSeconds(madeAt + 1L) - before;
        return new ClockDifference((earliest + latest) / 2, (latest - earliest) / 2);
    }

    /// <summary>Whether the clocks may be equal.</summary>
    public bool MayBeEqual => Ahead.Duration() <= Uncertainty;
}

/// <summary>Looks at a path, and tries to write there with one empty file that it removes again.</summary>
internal static class PathProbe
{
    private static readonly TimeSpan RemovalTime = TimeSpan.FromSeconds(5);

    /// <summary>Looks.</summary>
    /// <param name="client">The session.</param>
    /// <param name="path">The path; empty for the home directory.</param>
    /// <param name="isSource">Whether it is only read from: then nothing is made there.</param>
    /// <param name="mayWrite">Whether the empty file may be made.</param>
    /// <param name="cancellation">Breaks off; what was made is still removed.</param>
    /// <exception cref="SftpConnectionException">The connection failed.</exception>
    public static async Task<PathFacts> LookAsync(SftpClient client, byte[] path, bool isSource, bool mayWrite, CancellationToken cancellation)
    {
        if (path.Length == 0) path = "."u8.ToArray();
        string? problem = null;
        SftpFileType? kind = null;
        try
        {
            kind = (await client.StatAsync(path, cancellation).ConfigureAwait(false)).FileType;
        }
        catch (SftpException e) when (e.StatusCode == SftpStatusCode.NoSuchFile)
        {
            // The directory that it would be made in is the one to ask.
        }
        catch (SftpException e)
        {
            return new PathFacts(null, false, null, e.Message, null, null, null) { IsSource = isSource };
        }

        bool? readable = null;
        if (kind is SftpFileType.Directory or SftpFileType.Regular)
        {
            problem = await ReadProblemAsync(client, path, kind == SftpFileType.Directory, cancellation).ConfigureAwait(false);
            readable = problem is null;
        }

        if (!mayWrite || isSource) return new PathFacts(kind, readable, null, problem, null, null, null) { IsSource = isSource };
        byte[] directory = kind == SftpFileType.Directory ? path : ParentOf(path);
        PathFacts facts = await TryWritingAsync(client, directory, cancellation).ConfigureAwait(false);
        return facts with { Kind = kind, Readable = readable, ReadProblem = problem };
    }

    /// <summary>The directory that a path's last component is in.</summary>
    public static byte[] ParentOf(byte[] path)
    {
        ReadOnlySpan<byte> rest = path.AsSpan().TrimEnd((byte)'/');
        int slash = rest.LastIndexOf((byte)'/');
        return slash < 0 ? (rest.IsEmpty ? "/"u8.ToArray() : "."u8.ToArray()) : rest[..Math.Max(slash, 1)].ToArray();
    }

    private static async Task<string?> ReadProblemAsync(SftpClient client, byte[] path, bool isDirectory, CancellationToken cancellation)
    {
        try
        {
            SftpHandle handle = isDirectory
                ? await client.OpenDirAsync(path, cancellation).ConfigureAwait(false)
                : await client.OpenAsync(path, SftpOpenFlags.Read, default, cancellation).ConfigureAwait(false);
            await client.CloseAsync(handle, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (SftpException e)
        {
            return e.Message;
        }
    }

    private static async Task<PathFacts> TryWritingAsync(SftpClient client, byte[] directory, CancellationToken cancellation)
    {
        byte[] file = [.. directory, .. "/.synchop-check."u8, .. System.Text.Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(12, lowercase: true))];
        DateTimeOffset before = DateTimeOffset.UtcNow;
        SftpHandle handle;
        try
        {
            handle = await client.OpenAsync(
                file, SftpOpenFlags.Write | SftpOpenFlags.Create | SftpOpenFlags.Exclusive, default(SftpAttributes).WithPermissions(0x180), cancellation)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Servers do one thing after the other: if the file is made at all, it is before this.
            await RemoveAsync(client, null, file).ConfigureAwait(false);
            throw;
        }
        catch (SftpException e)
        {
            return new PathFacts(null, null, false, null, WriteProblem(e, directory), null, null);
        }

        DateTimeOffset after = DateTimeOffset.UtcNow;
        SftpAttributes made = default;
        string? problem = null;
        try
        {
            made = await client.FStatAsync(handle, cancellation).ConfigureAwait(false);
        }
        catch (SftpException)
        {
            // Then neither the clock nor the owner is known.
        }
        finally
        {
            problem = await RemoveAsync(client, handle, file).ConfigureAwait(false);
        }

        return new PathFacts(
            null, null, true, null, problem, made.HasOwner ? made.UserId : null,
            made.HasTimes ? ClockDifference.Of(made.ModifyTime, before, after) : null);
    }

    // The file is our own affair: what its directory lacks is what the user wants to know.
    private static string WriteProblem(SftpException refusal, byte[] directory)
    {
        string name = Arguments.ByteString.Decode(directory);
        if (refusal.StatusCode == SftpStatusCode.NoSuchFile) return $"the directory {name} does not exist";
        string reason = refusal.StatusCode == SftpStatusCode.PermissionDenied ? "permission denied" : refusal.ServerMessage;
        return $"no file can be made in the directory {name}" + (reason.Length == 0 ? "" : $": {reason}");
    }

    private static async Task<string?> RemoveAsync(SftpClient client, SftpHandle? handle, byte[] file)
    {
        using CancellationTokenSource limit = new(RemovalTime);
        try
        {
            if (handle is not null) await client.CloseAsync(handle, limit.Token).ConfigureAwait(false);
            await client.RemoveAsync(file, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is SftpException or OperationCanceledException)
        {
            return $"the empty file {Arguments.ByteString.Decode(file)} could not be removed: {e.Message}";
        }
    }
}
