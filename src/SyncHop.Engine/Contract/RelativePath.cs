using System.Text;

namespace SyncHop.Engine.Contract;

/// <summary>
/// A path below a replica's root, as bytes: components separated by single slashes, no leading or trailing slash, no
/// <c>.</c> or <c>..</c> component. The empty path is the root itself, shown as <c>.</c> the way rsync shows it.
/// </summary>
public readonly struct RelativePath : IEquatable<RelativePath>
{
    private readonly byte[]? _bytes;

    /// <summary>Wraps <paramref name="bytes"/>, which must not be changed afterwards.</summary>
    public RelativePath(byte[] bytes) => _bytes = bytes;

    /// <summary>The replica's root.</summary>
    public static RelativePath Root => default;

    /// <summary>The path's bytes; empty for the root.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The path's bytes as memory; empty for the root.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>Whether this is the root.</summary>
    public bool IsRoot => _bytes is null or { Length: 0 };

    /// <summary>The last component; empty for the root.</summary>
    public ReadOnlySpan<byte> Name => Bytes[(Bytes.LastIndexOf((byte)'/') + 1)..];

    /// <summary>The directory that holds this path; the root for a single component and for the root.</summary>
    public RelativePath Parent
    {
        get
        {
            int slash = Bytes.LastIndexOf((byte)'/');
            return slash <= 0 ? Root : new RelativePath(Bytes[..slash].ToArray());
        }
    }

    /// <summary>This path with one more component.</summary>
    public RelativePath Join(ReadOnlySpan<byte> name)
    {
        if (IsRoot) return new RelativePath(name.ToArray());
        byte[] joined = new byte[_bytes!.Length + 1 + name.Length];
        _bytes.CopyTo(joined, 0);
        joined[_bytes.Length] = (byte)'/';
        name.CopyTo(joined.AsSpan(_bytes.Length + 1));
        return new RelativePath(joined);
    }

    /// <inheritdoc/>
    public bool Equals(RelativePath other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RelativePath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Equality by bytes.</summary>
    public static bool operator ==(RelativePath left, RelativePath right) => left.Equals(right);

    /// <summary>Inequality by bytes.</summary>
    public static bool operator !=(RelativePath left, RelativePath right) => !left.Equals(right);

    /// <summary>For diagnostics only: bytes that are not UTF-8 are shown as replacement characters.</summary>
    public override string ToString() => IsRoot ? "." : Encoding.UTF8.GetString(Bytes);
}
