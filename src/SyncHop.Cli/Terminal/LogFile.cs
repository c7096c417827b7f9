using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SyncHop.Cli.Arguments;
using SyncHop.Replicas.Local;

namespace SyncHop.Cli.Terminal;

/// <summary>The file of <c>--log-file</c>: each line with time and process before it, appended.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _stream;

    private LogFile(FileStream stream) => _stream = stream;

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="followsAll">Whether symlinks on the way are followed whoever owns them.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static LogFile Open(string path, bool followsAll)
    {
        if (!followsAll)
        {
            SafeFileHandle file = TrustedPath.OpenForAppending(ByteString.Encode(path), out string? failure) ?? throw new IOException(failure);
            return new LogFile(new FileStream(file, FileAccess.Write));
        }
        FileStream stream = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        Posix.AlwaysAppend(stream.SafeFileHandle); // Another run may have the same log.
        return new LogFile(stream);
    }

    /// <summary>Writes lines with their newlines. A log that can no longer be written, as on a full disk, does not end the run.</summary>
    public void Write(ReadOnlyMemory<byte> lines)
    {
        string prefix = string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:yyyy/MM/dd HH:mm:ss} [{Environment.ProcessId}] ");
        lock (_lock)
        {
            try
            {
                _stream.Write(Encoding.ASCII.GetBytes(prefix));
                _stream.Write(lines.Span);
                _stream.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
