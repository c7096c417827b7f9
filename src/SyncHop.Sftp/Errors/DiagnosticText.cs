using System.Globalization;
using System.Text;

namespace SyncHop.Sftp;

/// <summary>Turns bytes of the server into text that is safe to print: one line, no control characters, bounded.</summary>
internal static class DiagnosticText
{
    /// <summary>Longer texts are cut here (in characters).</summary>
    private const int MaxLength = 512;

    /// <summary>
    /// Decodes UTF-8; bytes that are not, control and formatting characters (also bidirectional overrides)
    /// and the backslash become <c>\xNN</c> escapes of their bytes.
    /// </summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(Math.Min(bytes.Length, MaxLength));
        while (!bytes.IsEmpty)
        {
            if (text.Length >= MaxLength)
                return text.Append("...").ToString();
            bool valid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            if (valid && IsPrintable(rune))
                text.Append(rune.ToString());
            else
                AppendEscaped(text, bytes[..used]);
            bytes = bytes[used..];
        }
        return text.ToString();
    }

    private static bool IsPrintable(Rune rune) => rune.Value != '\\' && Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static void AppendEscaped(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
            text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
    }
}
