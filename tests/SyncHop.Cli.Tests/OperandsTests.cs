using SyncHop.Cli.Arguments;
using SyncHop.Cli.Endpoints;
using Xunit;

namespace SyncHop.Cli.Tests;

public class OperandsTests
{
    [Theory]
    [InlineData("a b", "[] a -> [] b")]
    [InlineData("a b c", "[] a b -> [] c")]
    [InlineData("host:a .", "[host] a -> [] .")]
    [InlineData("a host:", "[] a -> [host] ")]
    [InlineData("host:a :b host:c dst", "[host] a b c -> [] dst")]
    [InlineData("gw,u@host:22:a gw,u@host:22:b : dst", "[gw u@host:22] a b  -> [] dst")]
    [InlineData("gw,host:a gw2,host2:b", "[gw host] a -> [gw2 host2] b")]
    [InlineData("sftp://host/a host:b dst", "[host] /a b -> [] dst")]
    [InlineData("host:a", "[host] a -> list")]
    [InlineData("a", "[] a -> list")]
    public void Reads(string arguments, string expected) => Assert.Equal(expected, Show(Operands.Parse(arguments.Split(' '), listOnly: false)));

    [Fact]
    public void When_listing_the_destination_is_ignored() =>
        Assert.Equal("[] a b -> list", Show(Operands.Parse(["a", "b", "host:c"], listOnly: true)));

    [Theory]
    [InlineData("host:a :b :c", "[host] a b c -> list")]
    [InlineData("host:a :b c", "[host] a b -> list")]
    public void When_listing_a_further_name_on_the_host_is_no_destination(string arguments, string expected) =>
        Assert.Equal(expected, Show(Operands.Parse(arguments.Split(' '), listOnly: true)));

    [Theory]
    [InlineData("host:a|other:b|.", "All source args must come from the same machine.")]
    [InlineData("u@host:a|host:b|.", "All source args must come from the same machine.")]
    [InlineData("host:22:a|host:b|.", "All source args must come from the same machine.")]
    [InlineData("gw,host:a|host:b|.", "All source args must come from the same machine.")]
    [InlineData("host:a|b|.", "Unexpected local arg: b (if it is a remote file/dir, prefix it with a colon (:))")]
    [InlineData("b|host:a|.", "Unexpected remote arg: host:a")]
    [InlineData("b|:a|.", "Unexpected remote arg: :a")]
    [InlineData(":a|.", ":a: the name of the host is empty")]
    [InlineData("a|:b", ":b: the name of the host is empty")]
    [InlineData("host:a|:b", ":b: the name of the host is empty")]
    [InlineData("|b", "Empty source arg specified.")]
    [InlineData("a||b", "Empty source arg specified.")]
    [InlineData("", "Empty source arg specified.")]
    [InlineData("a|", "Empty destination arg specified (use \".\" or see --old-args).")]
    public void Refuses(string arguments, string message)
    {
        CommandException e = Assert.Throws<CommandException>(() => Operands.Parse(arguments.Split('|'), listOnly: false));
        Assert.Equal(message, e.Message);
    }

    private static string Show(Operands operands)
    {
        string sources = string.Join(' ', operands.Sources.Select(s => ByteString.Decode(s)));
        string destination = operands.Destination is null
            ? "list"
            : $"[{string.Join(' ', operands.DestinationHops)}] {ByteString.Decode(operands.Destination)}";
        return $"[{string.Join(' ', operands.SourceHops)}] {sources} -> {destination}";
    }
}
