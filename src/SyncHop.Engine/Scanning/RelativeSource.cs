using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// A source argument taken apart as <c>--relative</c> does: what stands before the first <c>/./</c> is the directory to work
/// in, what stands behind it is the path in the transfer.
/// </summary>
/// <param name="Root">The directory to work in, as typed.</param>
/// <param name="Path">The path below it, which is also the one in the transfer.</param>
/// <param name="IsContents">Whether a directory's contents are meant, as a slash or a dot at the end says.</param>
/// <param name="SendsRoot">Whether the root itself takes part: <c>./x</c>.</param>
/// <param name="IsAbsolute">Whether rsync shows names with the slash at the beginning of the argument.</param>
internal readonly record struct RelativeSource(byte[] Root, RelativePath Path, bool IsContents, bool SendsRoot, bool IsAbsolute)
{
    /// <summary>The same below another directory (<c>--files-from</c>).</summary>
    public RelativeSource Below(byte[] directory) =>
        this with { Root = Root is [(byte)'.'] ? directory is [] ? Root : directory : [.. directory is [] ? "."u8 : directory, (byte)'/', .. Root] };

    /// <summary>Takes a typed path apart.</summary>
    /// <exception cref="SyncException">A <c>..</c> is on the way (exit code 1), which could lead out of the destination.</exception>
    public static RelativeSource Parse(ReadOnlySpan<byte> typed)
    {
        int pivot = typed.IndexOf("/./"u8);
        bool absolute = pivot < 0 && typed is [(byte)'/', ..];
        ReadOnlySpan<byte> root = pivot > 0 ? typed[..pivot] : pivot == 0 || absolute ? "/"u8 : "."u8;
        ReadOnlySpan<byte> rest = pivot < 0 ? typed : typed[(pivot + 3)..];
        bool sendsRoot = rest.StartsWith("./"u8);
        bool isContents = rest.IsEmpty || rest is [.., (byte)'/'] || rest.SequenceEqual("."u8) || rest.EndsWith("/."u8);
        RelativePath path = RelativePath.Root;
        bool leadsOut = false;
        foreach (Range range in rest.Split((byte)'/'))
        {
            ReadOnlySpan<byte> component = rest[range];
            if (component.IsEmpty || component.SequenceEqual("."u8)) continue;
            leadsOut |= component.SequenceEqual(".."u8);
            path = path.Join(component);
        }
        if (leadsOut) throw new SyncException(ExitCode.Usage, "found \"..\" dir in relative path:", path.Bytes.ToArray()) { IsQuoted = false };
        return new RelativeSource(root.ToArray(), path, isContents || path.IsRoot, sendsRoot && !path.IsRoot, absolute);
    }
}
