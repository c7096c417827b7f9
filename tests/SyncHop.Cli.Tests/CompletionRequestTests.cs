using SyncHop.Cli.Completing;
using Xunit;

namespace SyncHop.Cli.Tests;

/// <summary>What a shell's question comes to.</summary>
public sealed class CompletionRequestTests
{
    /// <summary>Whoever presses TAB has not run the line.</summary>
    [Theory]
    [InlineData("--gateway-command=touch /tmp/x")]
    [InlineData("--sftp-command=touch /tmp/x")]
    [InlineData("-essh -o ProxyCommand=touch")]
    [InlineData("-essh -o '  proxycommand touch'")]
    [InlineData("-essh -o '\"ProxyCommand\" touch'")]
    [InlineData("-essh -p 22 -oInclude=/tmp/x")]
    public void Nothing_is_completed_where_the_line_names_commands(string option) =>
        Assert.Null(CompletionRequest.Parse(["operand", "gw,target:x", "-a", option], null).Path);

    [Theory]
    [InlineData("-essh -p 22 -o User=me", null)]
    [InlineData("-a", "ssh -o ProxyCommand=mine")] // RSYNC_RSH is the user's own.
    public void Other_ways_are_taken(string option, string? remoteShell)
    {
        CompletionRequest request = CompletionRequest.Parse(["operand", "gw,target:x", option], remoteShell);
        Assert.NotNull(request.Path);
        Assert.NotEmpty(request.Hosts.RemoteShell!.Directives);
    }
}
