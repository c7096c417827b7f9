using System.Buffers;
using System.Text;

namespace SyncHop.Engine.Reporting;

/// <summary>
/// Shows names as rsync does: what could disturb a terminal, and bytes that are no character in the locale, become
/// <c>\#ooo</c> (three octal digits); a backslash that would look like such an escape is escaped itself.
/// </summary>
internal sealed class NameEscaper(bool utf8, bool eightBit)
{
    private readonly bool _log;

    /// <summary>For the log file: whatever the locale, only control characters are escaped, those of ISO 6429's C1 among them.</summary>
    public static NameEscaper ForLog { get; } = new(utf8: false, eightBit: true, log: true);

    private NameEscaper(bool utf8, bool eightBit, bool log) : this(utf8, eightBit) => _log = log;

    /// <summary>Writes <paramref name="name"/> for display.</summary>
    public void Escape(ReadOnlySpan<byte> name, IBufferWriter<byte> output)
    {
        int plain = 0;
        for (int i = 0; i < name.Length;)
        {
            int length = PlainLength(name[i..]);
            if (length > 0)
            {
                i += length;
                continue;
            }
            output.Write(name[plain..i]);
            WriteEscape(name[i], output);
            plain = ++i;
        }
        output.Write(name[plain..]);
    }

    /// <summary>How many bytes at the start are one character that is shown as it is; 0 when the first byte is to be escaped.</summary>
    private int PlainLength(ReadOnlySpan<byte> rest)
    {
        byte first = rest[0];
        if (first < 0x20) return first == '\t' ? 1 : 0;
        if (first == '\\') return LooksLikeEscape(rest) ? 0 : 1;
        if (_log && first is >= 0x80 and < 0xA0) return 0;
        if (first < 0x80 || eightBit) return 1;
        if (!utf8) return 0;
        return Rune.DecodeFromUtf8(rest, out _, out int consumed) == OperationStatus.Done ? consumed : 0;
    }

    private static bool LooksLikeEscape(ReadOnlySpan<byte> rest) =>
        rest.Length >= 5 && rest[1] == '#' && char.IsAsciiDigit((char)rest[2]) && char.IsAsciiDigit((char)rest[3]) && char.IsAsciiDigit((char)rest[4]);

    private static void WriteEscape(byte value, IBufferWriter<byte> output) => output.Write(
        [(byte)'\\', (byte)'#', (byte)('0' + (value >> 6)), (byte)('0' + ((value >> 3) & 7)), (byte)('0' + (value & 7))]);
}
