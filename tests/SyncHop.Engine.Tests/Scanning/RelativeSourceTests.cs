using System.Text;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Tests.Scanning;

public class RelativeSourceTests
{
    [Theory]
    [InlineData("a/b", ".", "a/b", false, false, false)]
    [InlineData("a/b/", ".", "a/b", true, false, false)]
    [InlineData("a/b/.", ".", "a/b", true, false, false)]
    [InlineData("./a", ".", "a", false, true, false)]
    [InlineData(".//a", ".", "a", false, true, false)]
    [InlineData("././a", ".", "a", false, false, false)]
    [InlineData("./././a", ".", "a", false, true, false)]
    [InlineData("x/./a/b", "x", "a/b", false, false, false)]
    [InlineData("x/././a", "x", "a", false, true, false)]
    [InlineData("x/./a/./b", "x", "a/b", false, false, false)]
    [InlineData("x/../y/./a", "x/../y", "a", false, false, false)]
    [InlineData("x/./", "x", "", true, false, false)]
    [InlineData("x/./.", "x", "", true, false, false)]
    [InlineData("x//./a//b", "x/", "a/b", false, false, false)]
    [InlineData(".", ".", "", true, false, false)]
    [InlineData("", ".", "", true, false, false)]
    [InlineData("/a/b", "/", "a/b", false, false, true)]
    [InlineData("/./a", "/", "a", false, false, false)]
    [InlineData("/", "/", "", true, false, true)]
    [InlineData("a/..b/...", ".", "a/..b/...", false, false, false)]
    public void An_argument_is_taken_apart(string typed, string root, string path, bool isContents, bool sendsRoot, bool isAbsolute)
    {
        RelativeSource source = RelativeSource.Parse(Encoding.UTF8.GetBytes(typed));
        Assert.Equal(root, Encoding.UTF8.GetString(source.Root));
        Assert.Equal(path, Encoding.UTF8.GetString(source.Path.Bytes));
        Assert.Equal((isContents, sendsRoot, isAbsolute), (source.IsContents, source.SendsRoot, source.IsAbsolute));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/..")]
    [InlineData("x/./../a")]
    [InlineData("x/./a/../../..")]
    public void A_path_in_the_transfer_does_not_go_up(string typed)
    {
        SyncException failure = Assert.Throws<SyncException>(() => RelativeSource.Parse(Encoding.UTF8.GetBytes(typed)));
        Assert.Equal(ExitCode.Usage, failure.Code);
    }
}
