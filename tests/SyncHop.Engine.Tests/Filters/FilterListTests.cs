using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Tests.Filters;

public sealed class FilterListTests
{
    private readonly Dictionary<string, string> _files = [];

    [Theory]
    [InlineData("- foo", "foo", true)]
    [InlineData("- foo", "x/foo", true)]
    [InlineData("- foo", "foo/x", false)]
    [InlineData("- /foo", "x/foo", false)]
    [InlineData("- foo/bar", "x/foo/bar", true)]
    [InlineData("- foo/bar", "xfoo/bar", false)]
    [InlineData("- /foo/bar", "x/foo/bar", false)]
    [InlineData("- foo/", "foo", false)]
    [InlineData("- foo/", "foo/", true)]
    [InlineData("- foo*/bar", "a/fool/bar", true)]
    [InlineData("- foo**bar", "a/foo/x/bar", true)]
    [InlineData("- /foo**bar", "a/foo/x/bar", false)]
    [InlineData("- **/bar", "bar", true)]
    [InlineData("- foo/**", "foo/", false)]
    [InlineData("- foo/***", "foo/", true)]
    [InlineData("- foo/***", "foo", false)]
    [InlineData("- foo/***", "foo/x/y", true)]
    [InlineData("-! *.c", "a.o", true)]
    [InlineData("-! *.c", "a.c", false)]
    [InlineData("-! */", "a", true)]
    [InlineData("-! */", "a/", false)]
    [InlineData("-/ /base/src/a", "a", true)]
    [InlineData("-/ src/a", "a", true)]
    [InlineData("-/ /a", "a", false)]
    [InlineData("- a\\b", "a\\b", true)]
    [InlineData("- a\\b*", "ab", true)]
    [InlineData("H foo", "foo", true)]
    [InlineData("P foo", "foo", false)]
    [InlineData("-x foo", "foo", false)]
    [InlineData("exclude,! foo", "bar", true)]
    [InlineData("+ foo;- *", "foo", false)]
    [InlineData("+ foo;- *", "bar", true)]
    [InlineData("- *;!", "bar", false)]
    [InlineData("-C", "x.o", true)]
    [InlineData("-C", "CVS/", true)]
    [InlineData("-C", ".git", false)]
    [InlineData("-C", ".git/", true)]
    public void A_rule_hides(string rules, string path, bool hidden) => Assert.Equal(hidden, IsHidden(Build(rules), path));

    [Theory]
    [InlineData("foo", "Unknown filter rule: foo")]
    [InlineData("-z foo", "invalid modifier 'z' at position 1 in filter rule: -z foo")]
    [InlineData("hide,s foo", "invalid modifier 's' at position 5 in filter rule: hide,s foo")]
    [InlineData("- ", "unexpected end of filter rule: - ")]
    [InlineData("clear x", "'!' rule has trailing characters: clear x")]
    [InlineData(". bad", "Unknown filter rule: <rule from bad line 2>")]
    [InlineData(". bad2", "invalid modifier in filter rule: <rule from bad2 line 1>")]
    [InlineData(".s sides", "specified-side merge file contains specified-side filter: <rule from sides line 1>")]
    public void A_bad_rule_is_a_usage_error(string rule, string message)
    {
        _files["bad"] = "- a\nwhat\n";
        _files["bad2"] = "-z x";
        _files["sides"] = "H x";
        FilterException failure = Assert.Throws<FilterException>(() => Build(rule));
        Assert.Equal((ExitCode.Usage, message), (failure.Code, failure.Message));
    }

    [Fact]
    public void A_file_that_merges_itself_ends_as_an_error()
    {
        _files["loop"] = ". loop";
        FilterException failure = Assert.Throws<FilterException>(() => Build(". loop"));
        Assert.Equal(ExitCode.FileIo, failure.Code);
        Assert.StartsWith("merge-file include depth limit (32) exceeded", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_read_line_by_line_without_comments()
    {
        _files["rules"] = "# no\n; no\r\n\n- a\r\n+ *.c\n- b";
        FilterList list = Build(". rules");
        Assert.True(IsHidden(list, "a"));
        Assert.True(IsHidden(list, "b"));
        Assert.False(IsHidden(list, "# no"));
    }

    [Fact]
    public void Words_of_a_file_may_be_rules()
    {
        _files["rules"] = "a !\tb";
        FilterList list = Build(".C rules");
        Assert.False(IsHidden(list, "a"));
        Assert.True(IsHidden(list, "b"));
    }

    [Fact]
    public void Exclude_from_knows_the_old_prefixes_and_from0_ends_rules_with_nul()
    {
        _files["rules"] = "+ a\0- b\0c\nd";
        FilterListBuilder builder = Builder();
        builder.EndsAtNul = true;
        builder.AddFile(Bytes("rules"), includes: false);
        FilterList list = builder.Build(deletesExcluded: false);
        Assert.False(IsHidden(list, "a"));
        Assert.True(IsHidden(list, "b"));
        Assert.True(IsHidden(list, "c\nd"));
    }

    [Fact]
    public void What_a_line_has_behind_a_nul_is_not_read()
    {
        _files["rules"] = "- a\0- b\n\0- c\n- d";
        FilterListBuilder builder = Builder();
        builder.AddFile(Bytes("rules"), includes: false);
        FilterList list = builder.Build(deletesExcluded: false);
        Assert.Equal("a d", string.Join(' ', "a b c d".Split(' ').Where(name => IsHidden(list, name))));
    }

    [Fact]
    public void Delete_excluded_leaves_rules_without_a_side_to_the_sender()
    {
        FilterListBuilder builder = Builder();
        builder.AddRule("- a"u8);
        builder.AddRule("P b"u8);
        FilterList list = builder.Build(deletesExcluded: true);
        Assert.True(IsHidden(list, "a"));
        Assert.False(IsHidden(list, "a", FilterSides.Receiver));
        Assert.True(IsHidden(list, "b", FilterSides.Receiver));
    }

    [Fact]
    public void Perishable_rules_do_not_count_in_a_directory_that_goes()
    {
        FilterList list = Build("-p a;-C");
        Assert.True(IsHidden(list, "a", FilterSides.Receiver));
        Assert.False(IsHidden(list, "a", FilterSides.Receiver, isDeleting: true));
        Assert.False(IsHidden(list, "a.o", FilterSides.Receiver, isDeleting: true));
    }

    [Fact]
    public void The_first_F_asks_for_files_and_the_second_hides_them()
    {
        FilterListBuilder builder = Builder();
        builder.AddPerDirectoryFilter();
        Assert.False(IsHidden(builder.Build(deletesExcluded: false), ".rsync-filter"));
        builder.AddPerDirectoryFilter();
        builder.AddPerDirectoryFilter();
        Assert.True(IsHidden(builder.Build(deletesExcluded: false), ".rsync-filter"));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static bool IsHidden(FilterList list, string path, FilterSides side = FilterSides.Sender, bool isDeleting = false)
    {
        string trimmed = path.TrimEnd('/');
        int slash = trimmed.LastIndexOf('/');
        string directory = slash < 0 ? "" : trimmed[..slash];
        FilterSubjectBuffer buffer = new(Bytes("/base/src" + (directory.Length > 0 ? "/" + directory : "")), new RelativePath(Bytes(directory)));
        DirectoryFilter? filter = DirectoryFilter.Above(list, side);
        FilterDecision? decision = filter?.Find(buffer.Subject(Bytes(trimmed[(slash + 1)..]), path.EndsWith('/')), isDeleting);
        return decision is { Rule.Includes: false };
    }

    private FilterListBuilder Builder() => new((path, _) => Bytes(_files[Encoding.UTF8.GetString(path)]), () => null, null);

    private FilterList Build(string rules)
    {
        FilterListBuilder builder = Builder();
        foreach (string rule in rules.Split(';')) builder.AddRule(Bytes(rule));
        return builder.Build(deletesExcluded: false);
    }
}
