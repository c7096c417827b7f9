using System.Text;
using CsCheck;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Temporaries;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Temporaries;

public class TemporaryNameTests
{
    private const int Longest = 255, Kept = 229;

    private static readonly RunTag s_owner = new(0x123456, 0xABCDEF, 0x789ABC);
    private static readonly DateTimeOffset s_now = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    [Theory]
    [InlineData("a", ".a.")]
    [InlineData("d/e/a", "d/e/.a.")]
    [InlineData(".a", ".a.")]
    [InlineData("d/..a", "d/..a.")]
    [InlineData(".", "..")]
    [InlineData("\xFF", ".\xFF.")]
    public void It_is_the_name_between_dots_and_a_tag_in_the_same_directory(string path, string start)
    {
        string temporary = S(TemporaryName.For(P(path)).Bytes);
        Assert.StartsWith(start, temporary, StringComparison.Ordinal);
        Assert.Matches("^[a-zA-Z0-9_-]{24}$", temporary[start.Length..]);
    }

    [Fact]
    public void Each_is_another()
    {
        // Of 65,536; two of fifty are the same once in fifty runs, five hardly ever.
        string[] names = [.. Enumerable.Range(0, 50).Select(_ => S(TemporaryName.For(P("a")).Bytes))];
        Assert.InRange(names.Distinct().Count(), names.Length - 4, names.Length);
    }

    [Fact]
    public void It_is_never_longer_than_a_name_may_be() => Gen.Char['\x01', '\xFF'].Where(c => c != '/').Array[1, 300].Sample(chars =>
    {
        string temporary = S(TemporaryName.For(P("d/" + new string(chars))).Name);
        Assert.InRange(temporary.Length, 26, Longest);
        string name = new string(chars)[(chars[0] == '.' ? 1 : 0)..];
        Assert.StartsWith(temporary[1..^25], name, StringComparison.Ordinal);
        if (name.Length <= Kept) Assert.Equal(name, temporary[1..^25]);
    });

    [Theory]
    [InlineData("x", Kept)]
    [InlineData("\u00E9", 228)]
    [InlineData("\u20AC", 228)]
    [InlineData("\U0001F600", 228)]
    public void A_long_name_is_cut_between_characters(string character, int kept)
    {
        byte[] name = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(character, 255 / Encoding.UTF8.GetByteCount(character))));
        Assert.Equal(S(name)[..kept], S(TemporaryName.For(new RelativePath(name)).Name)[1..^25]);
    }

    [Fact]
    public void A_name_that_is_one_byte_too_long_loses_its_last_character()
    {
        string name = new string('x', Kept - 1) + "\xC3\xA9";
        Assert.Equal(name[..(Kept - 1)], S(TemporaryName.For(P(name)).Name)[1..^25]);
    }

    [Fact]
    public void A_name_that_just_fits_is_kept()
    {
        string name = new('\xA9', Kept);
        Assert.Equal(name, S(TemporaryName.For(P(name)).Name)[1..^25]);
        Assert.Equal(name, S(TemporaryName.For(P("." + name)).Name)[1..^25]);
    }

    [Fact]
    public void It_tells_whose_it_is_and_how_old()
    {
        byte[] name = TemporaryName.For(P("d/name"), s_owner, s_now).Name.ToArray();
        Assert.True(TemporaryName.TryParse(name, s_now.AddDays(400), out RunTag owner, out TimeSpan age));
        Assert.Equal(s_owner, owner);
        Assert.Equal(400, age.TotalDays);
        Assert.True(TemporaryName.TryParse(name, s_now.AddHours(-2), out _, out age));
        Assert.Equal(TimeSpan.Zero, age);
    }

    [Theory]
    [InlineData("name", true)]
    [InlineData(".name", true)]
    [InlineData("nam", false)]
    [InlineData("other", false)]
    public void It_tells_which_name_it_is_for(string name, bool expected) =>
        Assert.Equal(expected, TemporaryName.IsFor(TemporaryName.For(P("d/name")).Name, B(name)));

    [Fact]
    public void A_file_that_stepped_aside_has_the_same_owner_and_is_nobodys_new_content()
    {
        byte[] name = TemporaryName.For(P("name"), s_owner, s_now).Name.ToArray();
        name[^1] = (byte)'~';
        Assert.True(TemporaryName.TryParse(name, s_now, out RunTag owner, out _));
        Assert.Equal(s_owner, owner);
        Assert.False(TemporaryName.IsFor(name, "name"u8));
    }

    [Fact]
    public void No_changed_letter_passes_for_one()
    {
        byte[] name = TemporaryName.For(P("name"), s_owner, s_now).Name.ToArray();
        for (int i = 0; i < name.Length; i++)
        {
            foreach (byte letter in ".abcxyzABCXYZ0129-_ "u8)
            {
                byte[] changed = [.. name];
                changed[i] = letter;
                if (letter != name[i]) Assert.False(TemporaryName.TryParse(changed, s_now, out _, out _));
            }
        }
    }

    [Fact]
    public void No_ordinary_name_passes_for_one() => Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.Char[".abcXYZ019-_~"].Array[0, 60].Select(text => B(new string(text))),
        Gen.Char["abcXYZ019-_"].Array[24].Select(text => B(".name." + new string(text)))).Sample(name =>
            Assert.False(TemporaryName.TryParse(name, s_now, out _, out _)));
}
