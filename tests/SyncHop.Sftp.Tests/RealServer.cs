using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;

namespace SyncHop.Sftp.Tests;

/// <summary>OpenSSH's sftp-server as a child process, its standard input and output as the channel, and a directory for it.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private static readonly string[] Locations =
        ["/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server", "/usr/libexec/sftp-server"];

    private readonly Process _process;

    private RealServer(Process process, SftpClient client, string directory)
    {
        _process = process;
        Client = client;
        Directory = directory;
    }

    public SftpClient Client { get; }

    /// <summary>An empty directory, removed at the end.</summary>
    public string Directory { get; }

    public int ProcessId => _process.Id;

    public static async Task<RealServer> StartAsync(SftpClientOptions? options = null)
    {
        string? binary = Locations.FirstOrDefault(File.Exists);
        Assert.SkipWhen(binary is null, "OpenSSH's sftp-server is not installed (Debian: openssh-sftp-server)");
        string directory = System.IO.Directory.CreateTempSubdirectory("synchop-sftp-").FullName;
        Process process = Process.Start(new ProcessStartInfo(binary!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = directory,
        })!;
        var channel = new DuplexPipe(
            PipeReader.Create(process.StandardOutput.BaseStream, new StreamPipeReaderOptions(bufferSize: 64 * 1024)),
            PipeWriter.Create(process.StandardInput.BaseStream));
        SftpClient client = await SftpClient.ConnectAsync(channel, options, TestContext.Current.CancellationToken);
        return new RealServer(process, client, directory);
    }

    /// <summary>The bytes of a path in <see cref="Directory"/>.</summary>
    public byte[] PathTo(string name) => PathTo(Encoding.UTF8.GetBytes(name));

    /// <summary>The same for a name that is no text.</summary>
    public byte[] PathTo(ReadOnlySpan<byte> name) => [.. Encoding.UTF8.GetBytes(Directory), (byte)'/', .. name];

    /// <summary>Kills the server, as a lost connection would.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        // Not .NET's recursive delete, which cannot name what is not UTF-8.
        using Process remove = Process.Start("rm", ["-rf", "--", Directory]);
        await remove.WaitForExitAsync();
    }
}
