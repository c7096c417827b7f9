namespace SyncHop.Jobs.Tests;

/// <summary>An empty folder that goes when it is disposed of.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("synchop-jobs-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
