using SyncHop.Engine.Scanning;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Scanning;

public class SourcePathTests
{
    [Theory]
    [InlineData("", ".", "")]
    [InlineData(".", ".", "")]
    [InlineData("./", ".", "")]
    [InlineData("..", "..", "")]
    [InlineData("../", "..", "")]
    [InlineData("/", "/", "")]
    [InlineData("///", "/", "")]
    [InlineData("a", ".", "a")]
    [InlineData("a/", "a", "")]
    [InlineData("a//", "a", "")]
    [InlineData("a/b", "a", "b")]
    [InlineData("a/b/", "a/b", "")]
    [InlineData("/a", "/", "a")]
    [InlineData("/a/", "/a", "")]
    [InlineData("/a/b", "/a", "b")]
    [InlineData("a/.", "a/.", "")]
    [InlineData("a/..", "a/..", "")]
    [InlineData("a/./b", "a/.", "b")]
    [InlineData("a/...", "a", "...")]
    [InlineData("...", ".", "...")]
    [InlineData(".a", ".", ".a")]
    [InlineData("a//b", "a/", "b")]
    [InlineData("d\xFF/\xE9\n", "d\xFF", "\xE9\n")]
    public void A_typed_path_is_taken_apart(string typed, string root, string name)
    {
        SourcePath path = SourcePath.Parse(B(typed));
        Assert.Equal((root, name, name.Length == 0), (S(path.Root), S(path.Name), path.IsContents));
    }
}
