using System.Runtime.Versioning;
using System.Text;
using SyncHop.Engine;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Local;
using SyncHop.Replicas.Tests.Local;
using Xunit;

namespace SyncHop.Replicas.Tests.Remote;

/// <summary>A whole run from a server that lists names no file can have: each is told in one line, none is used, and the exit code is 23.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostileNamesTests : LocalFixture
{
    private const byte LStat = 7, OpenDir = 11, ReadDir = 12, Stat = 17;

    private static readonly string[] s_refused = ["", "a/b", "/etc/evil", "../evil", "nul\0nul", "x/../../evil"];

    [Fact]
    public async Task Names_that_lead_elsewhere_are_told_and_never_used()
    {
        List<string> asked = [];
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Files["src/good"] = "content"u8.ToArray();
        bool isListed = false;
        server.Instead = (type, path) =>
        {
            asked.Add(path);
            switch (type)
            {
                case LStat or Stat when path.TrimEnd('/', '.') == "src":
                    return [105, .. MemorySftpServer.Number(4), .. MemorySftpServer.Number(0x41ED)];
                case OpenDir:
                    return [102, .. MemorySftpServer.Text("handle")];
                case ReadDir when !isListed:
                    isListed = true;
                    return [104, .. MemorySftpServer.Number((uint)s_refused.Length + 3), .. Entry(".", 0x41ED), .. s_refused.SelectMany(name => Entry(name, 0x81A4)), .. Entry("..", 0x41ED), .. Entry("good", 0x81A4)];
                case ReadDir:
                    return MemorySftpServer.Status(1);
                default:
                    return null;
            }
        };
        Errors output = new();
        SyncRequest request = new()
        {
            SourceHost = server.Host,
            Sources = ["src/"u8.ToArray()],
            DestinationHost = Host,
            Destination = Encoding.UTF8.GetBytes(RootPath + "/"),
            Options = new SyncOptions { Recursive = true, Delete = true },
        };
        File.WriteAllText(InRoot("extraneous"), "");

        Assert.Equal(ExitCode.Partial, await new Synchronizer(request, output).RunAsync(Cancellation));

        Assert.Equal(s_refused.Length, output.Lines.Count(line => line.Contains("the server sent a name that no file can have", StringComparison.Ordinal)));
        Assert.All(output.Lines, line => Assert.Equal(1, line.Count(c => c == '\n')));
        // What is missing from a listing that cannot be believed is not deleted.
        Assert.Equal(["extraneous", "good"], Directory.GetFileSystemEntries(RootPath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal("content", File.ReadAllText(InRoot("good")));
        Assert.Empty(Directory.GetFileSystemEntries(OutsidePath));
        Assert.DoesNotContain(asked, path => path.Contains("evil", StringComparison.Ordinal) || path.Contains('\0') || path.EndsWith("a/b", StringComparison.Ordinal));
    }

    // A regular file of seven bytes, or a directory.
    private static byte[] Entry(string name, uint mode) =>
        [.. MemorySftpServer.Text(name), .. MemorySftpServer.Text(""), .. MemorySftpServer.Number(5), .. MemorySftpServer.Number(0), .. MemorySftpServer.Number(7), .. MemorySftpServer.Number(mode)];

    private sealed class Errors : IOutput
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public void Write(ReadOnlySpan<byte> text)
        {
        }

        public void WriteError(ReadOnlySpan<byte> text)
        {
            lock (_lines) _lines.Add(Encoding.UTF8.GetString(text));
        }
    }
}
