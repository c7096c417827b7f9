using System.Text;

namespace SyncHop.EndToEnd.Harness;

/// <summary>
/// File names and program output are bytes. The tests keep them in strings with one character for each byte
/// (Latin-1): lossless, and ordinal comparison is byte order.
/// </summary>
internal static class ByteString
{
    /// <summary>The bytes of a text as a byte string.</summary>
    public static string Of(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The bytes, ended by a zero as C wants a path.</summary>
    public static byte[] ToPath(string bytes)
    {
        var path = new byte[bytes.Length + 1];
        Encoding.Latin1.GetBytes(bytes, path);
        return path;
    }

    /// <summary>Replaces each <c>\ooo</c> (three octal digits) by that byte.</summary>
    public static string Unescape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                result.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                result.Append(Of(text[i].ToString()));
            }
        }
        return result.ToString();
    }

    /// <summary>For a person: what is not printable ASCII as <c>\ooo</c>; line ends stay.</summary>
    public static string Show(string bytes)
    {
        var result = new StringBuilder(bytes.Length);
        foreach (var c in bytes)
        {
            if (c is '\n' or (>= ' ' and <= '~'))
                result.Append(c);
            else
                result.Append('\\').Append(Convert.ToString(c, 8).PadLeft(3, '0'));
        }
        return result.ToString();
    }
}
