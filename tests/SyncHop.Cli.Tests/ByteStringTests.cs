using System.Text;
using CsCheck;
using SyncHop.Cli.Arguments;
using Xunit;

namespace SyncHop.Cli.Tests;

public class ByteStringTests
{
    [Fact]
    public void Any_bytes_survive_the_round_trip() =>
        Gen.Byte.Array[0, 64].Sample(bytes => ByteString.Encode(ByteString.Decode(bytes)).AsSpan().SequenceEqual(bytes));

    [Fact]
    public void Bytes_near_the_borders_of_utf8_survive_the_round_trip()
    {
        byte[] borders = [0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xED, 0x9F, 0xA0, 0xEF, 0xF0, 0x90, 0xF4, 0x8F, 0xF5, 0xFF];
        Gen.Int[0, borders.Length - 1].Select(i => borders[i]).Array[0, 12].Sample(
            bytes => ByteString.Encode(ByteString.Decode(bytes)).AsSpan().SequenceEqual(bytes));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("Grüße, 世界 🌍")]
    [InlineData("")]
    public void Valid_utf8_becomes_its_characters(string text)
    {
        Assert.Equal(text, ByteString.Decode(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(Encoding.UTF8.GetBytes(text), ByteString.Encode(text));
    }

    // Attributes are stored as UTF-8 and cannot hold lone surrogates.
    public static TheoryData<byte[], string> NotUtf8 => new()
    {
        { [0xFF], "\uDCFF" },
        { [0x61, 0x80, 0x62], "a\uDC80b" },
        { [0xE4, 0xB8], "\uDCE4\uDCB8" }, // a character cut short
        { [0xED, 0xA0, 0x80], "\uDCED\uDCA0\uDC80" }, // a surrogate in UTF-8's form
        { [0xC0, 0xAF], "\uDCC0\uDCAF" }, // an overlong slash
    };

    [Theory]
    [MemberData(nameof(NotUtf8))]
    public void Other_bytes_become_lone_surrogates(byte[] bytes, string expected) => Assert.Equal(expected, ByteString.Decode(bytes));

    [Fact]
    public void Surrogates_that_stand_for_no_byte_are_refused()
    {
        foreach (string text in new[] { "\uD800", "\uDC7F", "\uDD00" })
            Assert.Throws<ArgumentException>(() => ByteString.Encode(text));
    }
}
