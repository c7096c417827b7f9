using CsCheck;
using SyncHop.Engine.Contract;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Contract;

public class RelativePathTests
{
    private static readonly Gen<RelativePath> Path = Gen.Char["ab\xFF"].Array[1, 2].Array[0, 4]
        .Select(components => P(string.Join('/', components.Select(chars => new string(chars)))));

    [Theory]
    [InlineData("", "", "")]
    [InlineData("a", "", "a")]
    [InlineData("a/b", "a", "b")]
    [InlineData("a/b/c", "a/b", "c")]
    [InlineData("\xFF/\xFE", "\xFF", "\xFE")]
    public void A_path_has_a_parent_and_a_name(string path, string parent, string name) =>
        Assert.Equal((parent, name), (S(P(path).Parent.Bytes), S(P(path).Name)));

    [Fact]
    public void Parent_and_name_undo_join() => Gen.Select(Path, Gen.Char["ab\xFF"].Array[1, 3]).Sample((path, name) =>
    {
        RelativePath joined = path.Join(B(new string(name)));
        Assert.Equal(path, joined.Parent);
        Assert.Equal(new string(name), S(joined.Name));
    });

    [Fact]
    public void Equality_is_by_bytes() => Gen.Select(Path, Path).Sample((x, y) =>
    {
        bool same = S(x.Bytes) == S(y.Bytes);
        Assert.Equal(same, x == y);
        Assert.Equal(!same, x != y);
        Assert.Equal(same, x.Equals((object)y));
        if (same) Assert.Equal(x.GetHashCode(), y.GetHashCode());
    });

    [Fact]
    public void The_root_is_one_however_it_was_made()
    {
        Assert.Equal(RelativePath.Root, P(""));
        Assert.Equal(RelativePath.Root.GetHashCode(), P("").GetHashCode());
        Assert.True(P("").IsRoot);
        Assert.False(P("a").IsRoot);
        Assert.Equal((".", "a\uFFFD"), (RelativePath.Root.ToString(), P("a\xFF").ToString()));
        Assert.True(RelativePath.Root.Memory.IsEmpty);
        Assert.Equal("a/b", S(P("a/b").Memory.Span));
        Assert.False(P("a").Equals((object)"a"));
    }
}
