using System.Reflection;
using Xunit;

namespace SyncHop.Cli.Tests;

public class VersionTextTests
{
    [Fact]
    public void SSH_NETs_recorded_version_is_the_assemblys() =>
        Assert.Equal(Assembly.Load("Renci.SshNet").GetName().Version!.ToString(3), VersionText.SshNet);

    [Fact]
    public void The_text_names_version_runtime_and_library()
    {
        string text = VersionText.Render();
        Assert.Matches(@"^synchop  version \d+\.\d+\.\d+  commit ([0-9a-f]{40}|unknown)\n\.NET \d+[^\n]* \(JIT, [^\n]*\), SSH\.NET \d[^\n]*\nOptions, output and exit codes of rsync 3\.5\.0\n", text);
    }
}
