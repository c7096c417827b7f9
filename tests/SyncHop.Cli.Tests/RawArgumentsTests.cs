using System.Text;
using SyncHop.Cli.Arguments;
using Xunit;

namespace SyncHop.Cli.Tests;

public class RawArgumentsTests
{
    [Fact]
    public void Arguments_that_dotnet_decoded_whole_are_taken_as_they_are()
    {
        string[] arguments = ["-n", "ü", ""];
        Assert.Same(arguments, RawArguments.Read(arguments));
    }

    [Fact]
    public void The_program_or_the_host_and_the_assembly_are_left_out()
    {
        byte[] native = Encoding.Latin1.GetBytes("synchop\0-n\0a\u00FF\0\0b\0");
        byte[] hosted = Encoding.Latin1.GetBytes("dotnet\0synchop.dll\0-n\0a\u00FF\0\0b\0");
        string[] decoded = ["-n", "a\uFFFD", "", "b"];
        Assert.Equal(["-n", "a\uDCFF", "", "b"], RawArguments.Restore(decoded, native));
        Assert.Equal(["-n", "a\uDCFF", "", "b"], RawArguments.Restore(decoded, hosted));
    }

    [Fact]
    public void A_command_line_that_is_too_short_changes_nothing()
    {
        string[] decoded = ["\uFFFD", "b"];
        Assert.Same(decoded, RawArguments.Restore(decoded, "synchop\0"u8));
        Assert.Same(decoded, RawArguments.Restore(decoded, ""u8));
    }
}
