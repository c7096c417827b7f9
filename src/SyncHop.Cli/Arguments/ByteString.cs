using System.Buffers;
using System.Text;

namespace SyncHop.Cli.Arguments;

/// <summary>
/// Carries arbitrary bytes in a .NET string and back without loss: valid UTF-8 becomes its characters, every other byte
/// 0x80..0xFF a lone surrogate U+DC80..U+DCFF (the <c>surrogateescape</c> of Python's PEP 383). Names and formats from
/// the command line stay what the user typed whatever their encoding.
/// </summary>
internal static class ByteString
{
    private const char EscapeBase = '\uDC00';

    /// <summary>The string that stands for <paramref name="bytes"/>.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        Span<char> utf16 = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                text.Append(utf16[..rune.EncodeToUtf16(utf16)]);
                bytes = bytes[consumed..];
            }
            else
            {
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>The bytes that <paramref name="text"/> stands for.</summary>
    /// <exception cref="ArgumentException">A lone surrogate other than U+DC80..U+DCFF: no byte sequence decodes to it.</exception>
    public static byte[] Encode(ReadOnlySpan<char> text)
    {
        ArrayBufferWriter<byte> bytes = new(Math.Max(text.Length, 16));
        while (!text.IsEmpty)
        {
            int consumed;
            if (Rune.DecodeFromUtf16(text, out Rune rune, out consumed) == OperationStatus.Done)
            {
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            }
            else
            {
                if (!IsEscape(text[0])) throw new ArgumentException("a lone surrogate that stands for no byte", nameof(text));
                bytes.GetSpan(1)[0] = (byte)(text[0] - EscapeBase);
                bytes.Advance(1);
                consumed = 1;
            }

            text = text[consumed..];
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Whether <paramref name="c"/>, standing alone, is a byte that is not UTF-8.</summary>
    public static bool IsEscape(char c) => c is >= '\uDC80' and <= '\uDCFF';
}
