using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Tests.Filters;

public sealed class WildcardTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("**", "a/b", true)]
    [InlineData("a**c", "a/b/c", true)]
    [InlineData("a*c", "a/c", false)]
    [InlineData("*/b", "a/b", true)]
    [InlineData("*/b", "a/a/b", false)]
    [InlineData("*a*b", "xa/ayb", false)]
    [InlineData("**a*b", "xa/ayb", true)]
    [InlineData("*.tar.*", "x.tar.tar.gz", true)]
    [InlineData("?", "/", false)]
    [InlineData("?", "", false)]
    [InlineData("[/]", "/", false)]
    [InlineData("[!a]", "/", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[!a-c]", "d", true)]
    [InlineData("[^a-c]", "b", false)]
    [InlineData("[]]", "]", true)]
    [InlineData("[]-a]", "^", true)]
    [InlineData("[!]]", "]", false)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[-a]", "-", true)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[\\a-\\c]", "b", true)]
    [InlineData("[[:alpha:]]", "x", true)]
    [InlineData("[[:alpha:]]", "1", false)]
    [InlineData("[[:alpha:][:digit:]]", "1", true)]
    [InlineData("[![:space:]]", "x", true)]
    [InlineData("[[:bogus:]x]", "x", false)]
    [InlineData("[[:alpha]x]", "ax]", true)]
    [InlineData("[abc", "a", false)]
    [InlineData("a\\*", "a*", true)]
    [InlineData("a\\*", "ab", false)]
    [InlineData("a\\", "a\\", false)]
    [InlineData("a*\\", "ab\\", false)]
    [InlineData("***", "a/b", true)]
    [InlineData("a**", "a", true)]
    [InlineData("**/a", "/a", true)]
    public void Matches(string pattern, string text, bool expected) =>
        Assert.Equal(expected, Wildcard.IsMatch(Encoding.Latin1.GetBytes(pattern), Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("alnum", "azAZ09", "-/ ")]
    [InlineData("alpha", "azAZ", "09_")]
    [InlineData("blank", " \t", "\na")]
    [InlineData("cntrl", "\u0001\u001f\u007f", " a\u0080")]
    [InlineData("digit", "059", "a/:")]
    [InlineData("graph", "!~a", " \u007f\u00e9")]
    [InlineData("lower", "az", "A0")]
    [InlineData("print", " ~", "\u001f\u007f")]
    [InlineData("punct", "!~[_", "a0 ")]
    [InlineData("space", " \t\n\v\f\r", "a_")]
    [InlineData("upper", "AZ", "a0")]
    [InlineData("xdigit", "09afAF", "gG")]
    public void Knows_the_classes_of_posix(string name, string members, string others)
    {
        byte[] pattern = Encoding.Latin1.GetBytes($"[[:{name}:]]");
        Assert.All(members, c => Assert.True(Wildcard.IsMatch(pattern, [(byte)c])));
        Assert.All(others, c => Assert.False(Wildcard.IsMatch(pattern, [(byte)c])));
    }

    private static readonly string[] s_parts = ["a", "b", "/", "*", "**", "?"];

    [Fact]
    public void Stars_mean_what_a_regular_expression_says()
    {
        Gen<string> part = Gen.Int[0, 5].Select(i => s_parts[i]);
        Gen.Select(part.Array[0, 8], Gen.Int[0, 2].Select(i => s_parts[i]).Array[0, 10]).Sample((pattern, text) =>
        {
            string glob = string.Concat(pattern), subject = string.Concat(text);
            string regex = Regex.Replace(glob, @"\*+|\?", match => match.Value switch { "?" => "[^/]", "*" => "[^/]*", _ => ".*" });
            Assert.Equal(
                Regex.IsMatch(subject, $@"\A(?:{regex})\z", RegexOptions.NonBacktracking),
                Wildcard.IsMatch(Encoding.Latin1.GetBytes(glob), Encoding.Latin1.GetBytes(subject)));
        }, iter: 20_000);
    }

    [Fact]
    public async Task Many_stars_take_no_more_than_a_moment()
    {
        byte[] text = new byte[4000];
        text.AsSpan().Fill((byte)'a');
        byte[] pattern = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("a*", 100)) + string.Concat(Enumerable.Repeat("**a", 100)) + "b");
        Assert.False(await Task.Run(() => Wildcard.IsMatch(pattern, text)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }
}
