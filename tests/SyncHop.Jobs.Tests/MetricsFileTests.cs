using SyncHop.Jobs.Metrics;

namespace SyncHop.Jobs.Tests;

public sealed class MetricsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.prom", 0)]
    [InlineData("no/a.prom", 2)] // ENOENT
    [InlineData("file/a.prom", 20)] // ENOTDIR
    [InlineData("dir", 21)] // EISDIR
    public void Whether_it_could_be_written_is_told_without_writing_it(string name, int error)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "dir"));
        IOException? failure = Record.Exception(() => MetricsFile.Verify(Path.Combine(_folder.Path, name))) as IOException;
        Assert.Equal(error, failure?.HResult ?? 0);
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(_folder.Path).Count());
    }
}
