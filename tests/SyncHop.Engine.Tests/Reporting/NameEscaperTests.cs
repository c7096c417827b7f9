using System.Text;
using CsCheck;
using SyncHop.Engine.Reporting;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Reporting;

public class NameEscaperTests
{
    // What the escape is made of, and pieces of UTF-8 characters, come often.
    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.Char['\x01', '\xFF'].Select(c => c.ToString()),
        Gen.OneOf("\\", "#", "\\#", "1", "9", "\xC3", "\xA9", "\xC3\xA9", "\xE2\x82\xAC", "\xED\xA0\x80", "\xF0\x9F\x98\x80", "\t", "\x7F"))
        .Array[0, 12].Select(string.Concat);

    /// <summary>Learned from rsync 3.5: a name (its bytes as Latin-1) in the locale C, in C.UTF-8, and with -8.</summary>
    [Theory]
    [InlineData("plain name~", "plain name~", "plain name~", "plain name~")]
    [InlineData("\t", "\t", "\t", "\t")]
    [InlineData("\n\x01\x1F", @"\#012\#001\#037", @"\#012\#001\#037", @"\#012\#001\#037")]
    [InlineData("\x7F", "\x7F", "\x7F", "\x7F")]
    [InlineData("\xC3\xA9", @"\#303\#251", "\xC3\xA9", "\xC3\xA9")]
    [InlineData("\xF0\x9F\x98\x80", @"\#360\#237\#230\#200", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80")]
    [InlineData("\x80", @"\#200", @"\#200", "\x80")]
    [InlineData("\xFF", @"\#377", @"\#377", "\xFF")]
    [InlineData("\xC3", @"\#303", @"\#303", "\xC3")]
    [InlineData("\xE2\x82" + "A", @"\#342\#202A", @"\#342\#202A", "\xE2\x82" + "A")]
    [InlineData("\xC0\x80", @"\#300\#200", @"\#300\#200", "\xC0\x80")]
    [InlineData("\xED\xA0\x80", @"\#355\#240\#200", @"\#355\#240\#200", "\xED\xA0\x80")]
    [InlineData("\\", "\\", "\\", "\\")]
    [InlineData("\\#12", "\\#12", "\\#12", "\\#12")]
    [InlineData("\\#123", @"\#134#123", @"\#134#123", @"\#134#123")]
    [InlineData("\\#999", @"\#134#999", @"\#134#999", @"\#134#999")]
    [InlineData("\\\\#123", @"\\#134#123", @"\\#134#123", @"\\#134#123")]
    [InlineData("\\#12a", "\\#12a", "\\#12a", "\\#12a")]
    public void Names_are_shown_as_rsync_shows_them(string name, string plain, string utf8, string eightBit)
    {
        Assert.Equal(plain, Escape(name, utf8: false, eightBit: false));
        Assert.Equal(utf8, Escape(name, utf8: true, eightBit: false));
        Assert.Equal(eightBit, Escape(name, utf8: false, eightBit: true));
        Assert.Equal(eightBit, Escape(name, utf8: true, eightBit: true));
    }

    [Fact]
    public void Nothing_is_left_that_a_terminal_could_obey() => Gen.Select(Name, Gen.Bool, Gen.Bool).Sample((name, utf8, eightBit) =>
    {
        string shown = Escape(name, utf8, eightBit);
        Assert.DoesNotContain(shown, c => c < ' ' && c != '\t');
        if (!eightBit && !utf8) Assert.DoesNotContain(shown, c => c > '\x7F');
        if (!eightBit && utf8) Assert.Equal(shown, S(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(B(shown)))));
    });

    [Fact]
    public void What_is_shown_says_which_name_it_is() => Gen.Select(Name, Gen.Bool, Gen.Bool).Sample((name, utf8, eightBit) =>
        Assert.Equal(name, Unescape(Escape(name, utf8, eightBit))));

    private static string Escape(string name, bool utf8, bool eightBit)
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();
        new NameEscaper(utf8, eightBit).Escape(B(name), output);
        return S(output.WrittenSpan);
    }

    private static string Unescape(string shown) => System.Text.RegularExpressions.Regex.Replace(
        shown, @"\\#([0-7]{3})", match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [Fact]
    public void A_log_has_control_characters_escaped_and_nothing_else()
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();
        NameEscaper.ForLog.Escape([(byte)'a', 0x7F, (byte)'\t', 0x1B, 0x85, 0xC3, 0xA9, 0xFF, (byte)'\\', (byte)'#', (byte)'0', (byte)'1', (byte)'2'], output);
        Assert.Equal("a\u007F\t\\#033\\#205\u00C3\u00A9\u00FF\\#134#012", System.Text.Encoding.Latin1.GetString(output.WrittenSpan));
    }
}
