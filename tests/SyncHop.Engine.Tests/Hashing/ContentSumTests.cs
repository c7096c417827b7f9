using SyncHop.Engine.Hashing;
using Xunit;

namespace SyncHop.Engine.Tests.Hashing;

public class ContentSumTests
{
    /// <summary>RFC 1320, appendix A.5.</summary>
    [Theory]
    [InlineData("", "31d6cfe0d16ae931b73c59d7e0c089c0")]
    [InlineData("a", "bde52cb31de33e46245e05fbdbd6fb24")]
    [InlineData("abc", "a448017aaf21d8525fc10ae87aa6729d")]
    [InlineData("message digest", "d9130a8164549fe818874806e1c7014b")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "043f8582f241db351ce627e153e7f0e4")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "e33b4ddc9c38f2199c3e7b164fcc0536")]
    public void Md4_is_that_of_the_rfc(string text, string expected) => Assert.Equal(expected, Sum(ChecksumName.Md4, text));

    /// <summary>What rsync 3.5.0 shows for the two bytes <c>b\n</c>.</summary>
    [Theory]
    [InlineData(ChecksumName.Xxh128, "ccd433e50931cf855b19ef905838a84a")]
    [InlineData(ChecksumName.Xxh3, "5b19ef905838a84a")]
    [InlineData(ChecksumName.Xxh64, "afc37974405adf22")]
    [InlineData(ChecksumName.Md5, "3b5d5c3712955042212316173ccf37be")]
    [InlineData(ChecksumName.Md4, "5d3f4af867fef0204cab6562741c7766")]
    [InlineData(ChecksumName.Sha1, "89e6c98d92887913cadf06b2adb97f26cde4849b")]
    [InlineData(ChecksumName.None, "")]
    public void Each_is_what_rsync_shows(ChecksumName name, string expected)
    {
        Assert.Equal(expected, Sum(name, "b\n"));
        if (name != ChecksumName.None) Assert.Equal(expected.Length, ContentSum.Length(name));
    }

    [Fact]
    public void Md4_does_not_depend_on_the_pieces()
    {
        byte[] data = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        ContentSum whole = new(ChecksumName.Md4);
        whole.Append(data);
        string expected = whole.Finish();
        foreach (int piece in new[] { 1, 55, 63, 64, 65, 128 })
        {
            ContentSum pieces = new(ChecksumName.Md4);
            for (int i = 0; i < data.Length; i += piece) pieces.Append(data.AsSpan(i, Math.Min(piece, data.Length - i)));
            Assert.Equal(expected, pieces.Finish());
        }
    }

    private static string Sum(ChecksumName name, string text)
    {
        ContentSum sum = new(name);
        sum.Append(Samples.B(text));
        return sum.Finish();
    }
}
