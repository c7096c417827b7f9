using System.Text;
using SyncHop.Engine.Links;
using Xunit;

namespace SyncHop.Engine.Tests.Links;

/// <summary>rsync(1), --copy-unsafe-links; the oracle has the same targets.</summary>
public sealed class LinkSafetyTests
{
    [Theory]
    [InlineData("l", "a", false)]
    [InlineData("l", "a/b/...", false)]
    [InlineData("l", ".", false)]
    [InlineData("l", "", true)]
    [InlineData("l", "/etc", true)]
    [InlineData("l", "..", true)]
    [InlineData("l", "../src/a", true)]
    [InlineData("k/l", "..", false)]
    [InlineData("k/l", "../", false)]
    [InlineData("k/l", "../a", false)]
    [InlineData("k/l", "../../a", true)]
    [InlineData("k/m/l", "../../a", false)]
    [InlineData("k/m/l", "..//../a", false)]
    [InlineData("k/m/l", "../..", true)]
    [InlineData("k/m/l", "./..", true)]
    [InlineData("k/m/l", "./../a", true)]
    [InlineData("k/m/l", "x/..", true)]
    [InlineData("k/m/l", "x/../y", true)]
    [InlineData("k/l", "..a", false)]
    [InlineData("k/l", "../..a", false)]
    public void A_target_is_judged_by_its_text(string path, string target, bool isUnsafe) =>
        Assert.Equal(isUnsafe, LinkSafety.IsUnsafe(Encoding.UTF8.GetBytes(path), Encoding.UTF8.GetBytes(target)));

    [Theory]
    [InlineData("a", "/rsyncd-munged/a")]
    [InlineData("/etc", "/rsyncd-munged//etc")]
    public void Munging_is_undone(string target, string munged)
    {
        Assert.Equal(munged, Encoding.UTF8.GetString(LinkMunging.Add(Encoding.UTF8.GetBytes(target))));
        Assert.Equal(target, Encoding.UTF8.GetString(LinkMunging.Remove(Encoding.UTF8.GetBytes(munged))));
    }

    [Theory]
    [InlineData("/rsyncd-munged/")]
    [InlineData("rsyncd-munged/a")]
    [InlineData("a")]
    public void What_is_not_munged_stays(string target) =>
        Assert.Equal(target, Encoding.UTF8.GetString(LinkMunging.Remove(Encoding.UTF8.GetBytes(target))));
}
