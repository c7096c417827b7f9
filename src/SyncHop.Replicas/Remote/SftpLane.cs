using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>One of a host's SFTP sessions, with how much is under way on it.</summary>
/// <param name="client">The session.</param>
/// <param name="isFurtherChannel">Whether it goes over the connection of another one.</param>
internal sealed class SftpLane(SftpClient client, bool isFurtherChannel = false)
{
    /// <summary>What an open file counts for: its requests take the server's time however small it is.</summary>
    private const int BytesPerFile = 32 << 10;

    private long _load, _bytes;

    public SftpClient Client => client;

    public bool IsFurtherChannel => isFurtherChannel;

    /// <summary>Bytes under way, with a share for each open file.</summary>
    public long Load => Volatile.Read(ref _load);

    /// <summary>Bytes of content under way.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public void BeginBytes(int bytes)
    {
        Interlocked.Add(ref _load, bytes);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void EndBytes(int bytes) => BeginBytes(-bytes);

    public void BeginFile() => Interlocked.Add(ref _load, BytesPerFile);

    public void EndFile() => Interlocked.Add(ref _load, -BytesPerFile);
}
