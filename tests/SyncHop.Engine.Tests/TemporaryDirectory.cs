namespace SyncHop.Engine.Tests;

/// <summary>A directory of its own for one test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("synchop-engine-").FullName;

    // .NET cannot remove what has a name that is not UTF-8.
    public void Dispose()
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start("rm", ["-rf", "--", Path]);
        process.WaitForExit();
    }
}
