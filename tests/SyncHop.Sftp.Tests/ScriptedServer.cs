using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace SyncHop.Sftp.Tests;

/// <summary>A server that sends exactly what a test tells it to, over a channel in memory.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    /// <summary>VERSION 3 with every extension but limits, so that the first request of a test has the id 0.</summary>
    public const string AllExtensions =
        "00000123 02 00000003"
        + "00000018'posix-rename@openssh.com' 00000001'1'"
        + "00000013'statvfs@openssh.com' 00000001'2'"
        + "00000014'fstatvfs@openssh.com' 00000001'2'"
        + "00000014'hardlink@openssh.com' 00000001'1'"
        + "00000011'fsync@openssh.com' 00000001'1'"
        + "00000014'lsetstat@openssh.com' 00000001'1'"
        + "00000017'expand-path@openssh.com' 00000001'1'"
        + "00000009'copy-data' 00000001'1'"
        + "0000000e'home-directory' 00000001'1'"
        + "0000001e'users-groups-by-id@openssh.com' 00000001'1'";

    private readonly DuplexPipe _pipe;

    private ScriptedServer(DuplexPipe pipe) => _pipe = pipe;

    public SftpClient Client { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A connected client whose server answered INIT with <paramref name="version"/>.</summary>
    public static async Task<ScriptedServer> ConnectAsync(string version = AllExtensions, SftpClientOptions? options = null)
    {
        (ScriptedServer server, DuplexPipe clientEnd) = Create();
        Task<SftpClient> connecting = SftpClient.ConnectAsync(clientEnd, options, Token);
        Assert.Equal(Wire.Bytes("00000005 01 00000003"), await server.ReceiveAsync());
        await server.SendAsync(version);
        server.Client = await connecting.Soon();
        return server;
    }

    /// <summary>A server for a client that is not connected yet.</summary>
    public static (ScriptedServer Server, DuplexPipe ClientEnd) Create()
    {
        (DuplexPipe client, DuplexPipe server) = DuplexPipe.Create();
        return (new ScriptedServer(server), client);
    }

    /// <summary>The next whole packet of the client, with its length field.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        while (true)
        {
            ReadResult result = await _pipe.Input.ReadAsync(Token).Soon();
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (buffer.Length >= 4)
            {
                int length = 4 + BinaryPrimitives.ReadInt32BigEndian(buffer.Slice(0, 4).ToArray());
                if (buffer.Length >= length)
                {
                    byte[] packet = buffer.Slice(0, length).ToArray();
                    _pipe.Input.AdvanceTo(buffer.GetPosition(length));
                    return packet;
                }
            }
            _pipe.Input.AdvanceTo(buffer.Start, buffer.End);
            Assert.False(result.IsCompleted, "the client closed the channel");
        }
    }

    /// <summary>The id of the next packet of the client.</summary>
    public async Task<uint> ReceiveIdAsync(PacketType expected)
    {
        byte[] packet = await ReceiveAsync();
        Assert.Equal(expected, (PacketType)packet[4]);
        return BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(5));
    }

    /// <summary>Nothing of the client is waiting to be received.</summary>
    public bool HasNothingToReceive
    {
        get
        {
            if (!_pipe.Input.TryRead(out ReadResult result))
                return true;
            bool empty = result.Buffer.IsEmpty;
            _pipe.Input.AdvanceTo(result.Buffer.Start);
            return empty;
        }
    }

    public Task SendAsync(string notation) => SendAsync(Wire.Bytes(notation));

    public async Task SendAsync(byte[] bytes) => await _pipe.Output.WriteAsync(bytes, Token);

    /// <summary>A STATUS reply with an empty text.</summary>
    public Task SendStatusAsync(uint id, SftpStatusCode code) =>
        SendAsync($"00000011 65 {id:x8} {(uint)code:x8} 00000000 00000000");

    /// <summary>Ends the channel towards the client.</summary>
    public ValueTask EndAsync() => _pipe.Output.CompleteAsync();

    public async ValueTask DisposeAsync()
    {
        if (Client is not null)
            await Client.DisposeAsync();
        await _pipe.Output.CompleteAsync();
        await _pipe.Input.CompleteAsync();
    }
}
