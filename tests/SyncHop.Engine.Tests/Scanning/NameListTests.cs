using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;
using SyncHop.Engine.Tests.Fakes;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Scanning;

public class NameListTests
{
    [Theory]
    [InlineData("a\nb\r\nc\rd", false, "a|b|c|d")]
    [InlineData("\n\n# no\n;no\n #yes\nx#y", false, " #yes|x#y")]
    [InlineData("a\0b\0\0#no\0c\n", true, "a|b|c\n")]
    [InlineData("a\0hidden\nb", false, "a|b")]
    [InlineData("", false, "")]
    public void A_list_is_taken_apart(string text, bool endsAtNul, string names) =>
        Assert.Equal(names, string.Join('|', NameList.Parse(B(text), endsAtNul).Select(name => S(name))));

    [Theory]
    [InlineData("/a/b", "a/b")]
    [InlineData("../a", "a")]
    [InlineData("../../../..", ".")]
    [InlineData("a/../../b", "b")]
    [InlineData("a/..", ".")]
    [InlineData("a/b/..", "a/")]
    [InlineData("a//b///", "a/b/")]
    [InlineData("a/./../b", "a/b")]
    [InlineData("a/.././b", "./b")]
    [InlineData("a/.", "a/.")]
    [InlineData("//", ".")]
    [InlineData("..a/.../b..", "..a/.../b..")]
    public void No_name_leads_out(string line, string name) => Assert.Equal(name, S(Assert.Single(NameList.Parse(B(line), endsAtNul: false))));

    [Fact]
    public async Task A_list_on_a_host_is_read_through_links_and_a_loop_is_an_error()
    {
        FakeHost host = new(FakeNode.Directory(("h", FakeNode.Directory(
            ("d", FakeNode.Directory(("list", FakeNode.File("a\n"u8.ToArray())))), ("l", FakeNode.Link("m")), ("m", FakeNode.Link("d/list")),
            ("loop", FakeNode.Link("loop"))))), new FaultPlan());
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Assert.Equal("a\n", S(await NameList.ReadAsync(host, B("h/l"), cancellation)));
        await Assert.ThrowsAsync<ReplicaException>(() => NameList.ReadAsync(host, B("h/loop"), cancellation));
        await Assert.ThrowsAsync<ReplicaException>(() => NameList.ReadAsync(host, B("h/nothing"), cancellation));
        await Assert.ThrowsAsync<ReplicaException>(() => NameList.ReadAsync(host, B("h/d/"), cancellation));
    }
}
