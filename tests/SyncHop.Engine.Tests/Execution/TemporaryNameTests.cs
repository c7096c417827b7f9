using System.Text;
using CsCheck;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Execution;

public class TemporaryNameTests
{
    private const int Longest = 255, Kept = 247;

    [Theory]
    [InlineData("a", ".a.")]
    [InlineData("d/e/a", "d/e/.a.")]
    [InlineData(".a", ".a.")]
    [InlineData("d/..a", "d/..a.")]
    [InlineData(".", "..")]
    [InlineData("\xFF", ".\xFF.")]
    public void It_is_the_name_between_dots_and_six_letters_in_the_same_directory(string path, string start)
    {
        string temporary = S(TemporaryName.For(P(path)).Bytes);
        Assert.StartsWith(start, temporary, StringComparison.Ordinal);
        Assert.Matches("^[a-zA-Z0-9]{6}$", temporary[start.Length..]);
    }

    [Fact]
    public void Each_is_another()
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(_ => S(TemporaryName.For(P("a")).Bytes))];
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void It_is_never_longer_than_a_name_may_be() => Gen.Char['\x01', '\xFF'].Where(c => c != '/').Array[1, 300].Sample(chars =>
    {
        string temporary = S(TemporaryName.For(P("d/" + new string(chars))).Name);
        Assert.InRange(temporary.Length, 8, Longest);
        string name = new string(chars)[(chars[0] == '.' ? 1 : 0)..];
        Assert.StartsWith(temporary[1..^7], name, StringComparison.Ordinal);
        if (name.Length <= Kept) Assert.Equal(name, temporary[1..^7]);
    });

    [Theory]
    [InlineData("x", Kept)]
    [InlineData("\u00E9", 246)]
    [InlineData("\u20AC", 246)]
    [InlineData("\U0001F600", 244)]
    public void A_long_name_is_cut_between_characters(string character, int kept)
    {
        byte[] name = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(character, 255 / Encoding.UTF8.GetByteCount(character))));
        Assert.Equal(S(name)[..kept], S(TemporaryName.For(new RelativePath(name)).Name)[1..^7]);
    }

    [Fact]
    public void A_name_that_is_one_byte_too_long_loses_its_last_character()
    {
        string name = new string('x', Kept - 1) + "\xC3\xA9";
        Assert.Equal(name[..(Kept - 1)], S(TemporaryName.For(P(name)).Name)[1..^7]);
    }

    [Fact]
    public void A_name_that_just_fits_is_kept()
    {
        string name = new('\xA9', Kept);
        Assert.Equal(name, S(TemporaryName.For(P(name)).Name)[1..^7]);
        Assert.Equal(name, S(TemporaryName.For(P("." + name)).Name)[1..^7]);
    }
}
