using SyncHop.Cli.Terminal;
using Xunit;

namespace SyncHop.Cli.Tests;

public class TerminalTextTests
{
    [Theory]
    [InlineData("plain ü 世 🌍", "plain ü 世 🌍")]
    [InlineData("", "")]
    [InlineData("a\nb\tc", "a\\#012b\\#011c")]
    [InlineData("\u001B[31m", "\\#033[31m")]
    [InlineData("x\u007F", "x\\#177")]
    [InlineData("\u009B1m", "\\#302\\#2331m")]
    public void Escapes_what_a_terminal_would_obey_or_garble(string text, string expected) =>
        Assert.Equal(expected, TerminalText.Escape(text));

    [Fact]
    public void Escapes_bytes_that_are_not_utf8()
    {
        Assert.Equal("a\\#377b", TerminalText.Escape("a\uDCFFb"));
        Assert.Equal("🌍\\#200🌍", TerminalText.Escape("🌍\uDC80🌍"));
        Assert.Equal("\\#357\\#277\\#275x", TerminalText.Escape("\uD800x"));
    }
}
