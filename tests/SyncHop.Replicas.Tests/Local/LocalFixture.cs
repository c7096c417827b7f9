using System.Diagnostics;
using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Local;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

/// <summary>A fresh directory with a replica of its subdirectory <c>root</c>; what lies beside that is outside.</summary>
public abstract class LocalFixture : IAsyncDisposable
{
    protected const UnixFileMode World = (UnixFileMode)0x1FF;

    private readonly DirectoryInfo _base = Directory.CreateTempSubdirectory("synchop-");

    protected LocalFixture()
    {
        Directory.CreateDirectory(RootPath);
        Directory.CreateDirectory(OutsidePath);
        Replica = (LocalReplica)Host.Open(Encoding.UTF8.GetBytes(RootPath));
    }

    protected LocalHost Host { get; } = new();

    protected LocalReplica Replica { get; }

    protected string RootPath => Path.Combine(_base.FullName, "root");

    protected string OutsidePath => Path.Combine(_base.FullName, "outside");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static AttributeChange None => default;

    public async ValueTask DisposeAsync()
    {
        Replica.Dispose();
        await Host.DisposeAsync();
        // rm, since .NET cannot remove what it cannot name.
        using Process rm = Process.Start("rm", ["-rf", "--", _base.FullName]);
        await rm.WaitForExitAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    protected static RelativePath P(string path) => new(Encoding.UTF8.GetBytes(path));

    protected string InRoot(string path) => Path.Combine(RootPath, path);

    protected async Task WriteAsync(RelativePath path, byte[] content, AttributeChange change = default)
    {
        await using ITargetFile file = await Replica.CreateFileAsync(path.Parent.Join(".tmp"u8), 0x1A4, content.Length, Cancellation);
        await file.WriteAsync(0, content, Cancellation);
        Assert.Null(await file.CommitAsync(path, content.Length, change, Cancellation));
    }

    protected async Task<byte[]> ReadAsync(RelativePath path)
    {
        await using ISourceFile file = await Replica.OpenReadAsync(path, Cancellation);
        byte[] content = new byte[(await file.StatAsync(Cancellation)).Size];
        Assert.Equal(content.Length, await file.ReadAsync(0, content, Cancellation));
        return content;
    }

    protected async Task<FileStat> StatAsync(string path)
    {
        FileStat? stat = await Replica.StatAsync(P(path), followLink: false, Cancellation);
        Assert.NotNull(stat);
        return stat.Value;
    }

    protected async Task<bool> ExistsAsync(string path) =>
        await Replica.StatAsync(P(path), followLink: false, Cancellation) is not null;

    /// <summary>The names in a directory, as text when they are UTF-8.</summary>
    protected async Task<string[]> NamesAsync(RelativePath directory)
    {
        FileList list = await Replica.ListAsync(directory, linkTargets: false, Cancellation);
        Assert.Empty(list.Problems);
        string[] names = new string[list.Count];
        for (int i = 0; i < names.Length; i++) names[i] = Encoding.UTF8.GetString(list.NameOf(list.Entries[i]));
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    protected static async Task<ReplicaException> FailsAsync(ReplicaError error, Func<ValueTask> action)
    {
        ReplicaException failure = await Assert.ThrowsAsync<ReplicaException>(async () => await action());
        Assert.Equal(error, failure.Error);
        return failure;
    }

    protected static Task<ReplicaException> FailsAsync<T>(ReplicaError error, Func<ValueTask<T>> action) =>
        FailsAsync(error, async () => { _ = await action(); });

    /// <summary>Lets ordinary users work in the tree.</summary>
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    protected void OpenToEveryone()
    {
        File.SetUnixFileMode(Path.GetDirectoryName(RootPath)!, World);
        File.SetUnixFileMode(RootPath, World);
    }
}
