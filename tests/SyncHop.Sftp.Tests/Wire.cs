using System.Globalization;
using System.Text;

namespace SyncHop.Sftp.Tests;

/// <summary>Packets as a human writes them: hexadecimal digits, spaces as one likes, and 'text' in quotes.</summary>
internal static class Wire
{
    public static byte[] Bytes(string notation)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < notation.Length;)
        {
            if (char.IsWhiteSpace(notation[i]))
            {
                i++;
            }
            else if (notation[i] == '\'')
            {
                int end = notation.IndexOf('\'', i + 1);
                bytes.AddRange(Encoding.UTF8.GetBytes(notation[(i + 1)..end]));
                i = end + 1;
            }
            else
            {
                bytes.Add(byte.Parse(notation.AsSpan(i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
        }
        return [.. bytes];
    }
}
