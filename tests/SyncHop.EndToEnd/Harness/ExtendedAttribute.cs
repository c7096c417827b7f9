using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SyncHop.EndToEnd.Harness;

/// <summary>An extended attribute that a test sets: as Linux has it, so that access control lists are attributes too.</summary>
internal sealed record ExtendedAttribute(string Name, byte[] Value)
{
    private static readonly Dictionary<(string Folder, string Name), bool> s_settable = [];

    /// <summary><c>user.a=value</c>, <c>user.a=*1000</c> for so many bytes, or <c>access=u6,u1234.4,g4,m4,o4</c> and <c>default=…</c> for access control lists.</summary>
    public static ExtendedAttribute Parse(string word)
    {
        var parts = word.Split('=', 2);
        return parts[0] switch
        {
            "access" => new ExtendedAttribute("system.posix_acl_access", List(parts[1])),
            "default" => new ExtendedAttribute("system.posix_acl_default", List(parts[1])),
            _ when parts[1].StartsWith('*') => new ExtendedAttribute(parts[0], Long(int.Parse(parts[1][1..], CultureInfo.InvariantCulture))),
            _ => new ExtendedAttribute(parts[0], Encoding.Latin1.GetBytes(ByteString.Unescape(parts[1]))),
        };
    }

    /// <summary>Everything that an entry has, in words.</summary>
    public static string Show(string path)
    {
        var text = new StringBuilder();
        foreach (var name in Libc.Attributes(path).Order(StringComparer.Ordinal))
            text.Append(' ').Append(name).Append('=').Append(Libc.TryGetAttribute(path, name) is { } value ? Convert.ToHexStringLower(value) : "unreadable");
        return text.ToString();
    }

    /// <summary>Whether this machine, its file system and this user can set such an attribute.</summary>
    public bool CanBeSetIn(string folder)
    {
        var kind = (Path.GetDirectoryName(folder)!, Name[..(Name.IndexOf('.', StringComparison.Ordinal) + 1)]);
        lock (s_settable)
        {
            if (s_settable.TryGetValue(kind, out var can)) return can;
            var file = folder + "/probe";
            Libc.Create(file).Dispose();
            try
            {
                Libc.SetAttribute(file, Name, Value);
                can = true;
            }
            catch (IOException)
            {
                can = Name.EndsWith("_default", StringComparison.Ordinal);
            }
            File.Delete(file);
            return s_settable[kind] = can;
        }
    }

    private static byte[] Long(int length)
    {
        var value = new byte[length];
        Array.Fill(value, (byte)'v');
        return value;
    }

    // linux/posix_acl_xattr.h: version 2, then tag, permissions and id of each entry.
    private static byte[] List(string text)
    {
        var value = new MemoryStream();
        Span<byte> entry = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(entry, 2);
        value.Write(entry[..4]);
        foreach (var word in text.Split(','))
        {
            var dot = word.IndexOf('.', StringComparison.Ordinal);
            var tag = (word[0], dot >= 0) switch { ('u', false) => 1, ('u', true) => 2, ('g', false) => 4, ('g', true) => 8, ('m', _) => 16, _ => 32 };
            BinaryPrimitives.WriteInt16LittleEndian(entry, (short)tag);
            BinaryPrimitives.WriteInt16LittleEndian(entry[2..], (short)(word[^1] - '0'));
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], dot < 0 ? uint.MaxValue : uint.Parse(word[1..dot], CultureInfo.InvariantCulture));
            value.Write(entry);
        }
        return value.ToArray();
    }
}
