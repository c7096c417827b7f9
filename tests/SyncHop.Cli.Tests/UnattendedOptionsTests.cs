using SyncHop.Cli.Options;
using Xunit;

namespace SyncHop.Cli.Tests;

public class UnattendedOptionsTests
{
    [Theory]
    [InlineData("-a", null, null)]
    [InlineData("--lock", "", null)]
    [InlineData("--lock -a --lock-wait 3", "", 3)]
    [InlineData("--lock-wait=3", "", 3)]
    [InlineData("--lock-wait=3 --lock=/run/x.lock", "/run/x.lock", 3)]
    [InlineData("--lock=/run/x.lock --lock-wait=3", "/run/x.lock", 3)]
    public void A_lock_has_a_file_if_one_is_attached(string options, string? file, int? wait)
    {
        UnattendedOptions parsed = CommandLineTests.Run([.. options.Split(' '), "a", "b"]).Unattended;
        Assert.Equal((file, wait), (parsed.Lock, (int?)parsed.LockWait?.TotalSeconds));
    }

    [Fact]
    public void A_wait_is_a_number_of_seconds()
    {
        CommandException refused = Assert.Throws<CommandException>(() => CommandLine.Parse(["--lock-wait=soon", "a", "b"]));
        Assert.Equal("--lock-wait=soon: invalid numeric value", refused.Message);
    }
}
