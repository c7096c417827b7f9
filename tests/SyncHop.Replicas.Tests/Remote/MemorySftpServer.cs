using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using SyncHop.Replicas.Remote;
using SyncHop.Sftp;
using Xunit;

namespace SyncHop.Replicas.Tests.Remote;

/// <summary>
/// A small SFTP server over a channel in memory, whose only directory is flat: a file's name is its whole path. It answers
/// in order, as OpenSSH's does, and tests can look at, hold up and replace its answers.
/// </summary>
internal sealed class MemorySftpServer : IAsyncDisposable
{
    private const byte Open = 3, Close = 4, Read = 5, Write = 6, LStat = 7, FStat = 8, SetStat = 9, FSetStat = 10, Remove = 13, Rename = 18;

    private readonly Pipe _toServer = new(), _toClient = new();
    private readonly Task _loop;
    private volatile bool _isBroken;

    private MemorySftpServer() => _loop = Task.Run(ServeAsync);

    /// <summary>The files by path.</summary>
    public Dictionary<string, byte[]> Files { get; private init; } = [];

    /// <summary>Awaited before a request is carried out; given its type and first string.</summary>
    public Func<byte, string, Task>? Before { get; set; }

    /// <summary>Another reply (type and fields after the id) for a request of this type, or null.</summary>
    public Func<byte, string, byte[]?>? Instead { get; set; }

    /// <summary>Whether a request is carried out, but never answered.</summary>
    public Func<byte, string, bool>? Withholds { get; set; }

    public SftpHost Host { get; private set; } = null!;

    public static async Task<MemorySftpServer> StartAsync()
    {
        MemorySftpServer server = new();
        SftpClient client = await SftpClient.ConnectAsync(new Channel(server._toClient.Reader, server._toServer.Writer), null, TestContext.Current.CancellationToken);
        server.Host = new SftpHost(client, "user");
        return server;
    }

    /// <summary>A second session of the same host, with the same files. It is lost by <see cref="BreakAsync"/>.</summary>
    public async Task<MemorySftpServer> AddSessionAsync(Action<MemorySftpServer> prepare)
    {
        MemorySftpServer session = new() { Files = Files, Host = Host };
        SftpClient client = await SftpClient.ConnectAsync(new Channel(session._toClient.Reader, session._toServer.Writer), null, TestContext.Current.CancellationToken);
        prepare(session);
        await Host.AddAsync(client, isFurtherChannel: false, TestContext.Current.CancellationToken);
        return session;
    }

    /// <summary>Ends the session as a lost connection does: what was not answered never is.</summary>
    public async Task BreakAsync()
    {
        _isBroken = true;
        await _toClient.Writer.CompleteAsync(new IOException("broken"));
    }

    /// <summary>The fields of a STATUS reply, to be used with <see cref="Instead"/>.</summary>
    public static byte[] Status(uint code) => [101, .. Number(code), .. Text(""), .. Text("")];

    public static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Text(string text) => [.. Number((uint)text.Length), .. Encoding.Latin1.GetBytes(text)];

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _toServer.Writer.CompleteAsync();
        await _loop;
    }

    private async Task ServeAsync()
    {
        while (await ReceiveAsync() is byte[] packet)
        {
            byte type = packet[0];
            if (type == 1)
            {
                await SendAsync([2, 0, 0, 0, 3]);
                continue;
            }
            Fields fields = new(packet.AsMemory(5));
            string first = fields.Text();
            if (Before is { } before) await before(type, first);
            byte[] reply;
            lock (Files) reply = Instead?.Invoke(type, first) ?? Answer(type, first, fields);
            if (_isBroken || Withholds?.Invoke(type, first) == true) continue;
            await SendAsync([reply[0], .. packet.AsSpan(1, 4), .. reply.AsSpan(1)]);
        }
    }

    private byte[] Answer(byte type, string path, Fields fields)
    {
        const uint ok = 0, noSuchFile = 2, failure = 4;
        switch (type)
        {
            case Open:
                bool exclusive = (fields.Number() & 0x20) != 0;
                if (exclusive ? !Files.TryAdd(path, []) : !Files.ContainsKey(path)) return Status(exclusive ? failure : noSuchFile);
                return [102, .. Text(path)];
            case Read:
                fields.Number();
                int from = (int)fields.Number(), length = (int)fields.Number();
                ReadOnlySpan<byte> rest = Files[path].AsSpan(Math.Min(from, Files[path].Length));
                if (rest.IsEmpty) return Status(1);
                rest = rest[..Math.Min(rest.Length, length)];
                return [103, .. Number((uint)rest.Length), .. rest];
            case Write:
                fields.Number();
                int offset = (int)fields.Number();
                byte[] data = Encoding.Latin1.GetBytes(fields.Text());
                byte[] content = new byte[Math.Max(Files[path].Length, offset + data.Length)];
                Files[path].CopyTo(content, 0);
                data.CopyTo(content, offset);
                Files[path] = content;
                return Status(ok);
            case LStat or FStat:
                return Files.TryGetValue(path, out byte[]? file)
                    ? [105, .. Number(5), .. Number(0), .. Number((uint)file.Length), .. Number(0x81A4)]
                    : Status(noSuchFile);
            case Close or SetStat or FSetStat:
                return Status(ok);
            case Remove:
                return Status(Files.Remove(path) ? ok : noSuchFile);
            case Rename:
                string to = fields.Text();
                if (!Files.TryGetValue(path, out byte[]? moved)) return Status(noSuchFile);
                if (to.Length > 255 || !Files.TryAdd(to, moved)) return Status(failure);
                Files.Remove(path);
                return Status(ok);
            default:
                return Status(8);
        }
    }

    private async Task<byte[]?> ReceiveAsync()
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await _toServer.Reader.ReadAsync();
            }
            catch (SftpConnectionException)
            {
                // The client was closed with something still to be sent.
                return null;
            }
            ReadOnlySequence<byte> buffer = result.Buffer;
            int length = buffer.Length < 4 ? int.MaxValue - 4 : BinaryPrimitives.ReadInt32BigEndian(buffer.Slice(0, 4).ToArray());
            if (buffer.Length >= 4 + length)
            {
                byte[] packet = buffer.Slice(4, length).ToArray();
                _toServer.Reader.AdvanceTo(buffer.GetPosition(4 + length));
                return packet;
            }
            _toServer.Reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) return null;
        }
    }

    private async Task SendAsync(byte[] packet)
    {
        byte[] framed = [.. Number((uint)packet.Length), .. packet];
        await _toClient.Writer.WriteAsync(framed);
    }

    private sealed record Channel(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Fields(ReadOnlyMemory<byte> rest)
    {
        private ReadOnlyMemory<byte> _rest = rest;

        public uint Number()
        {
            uint value = BinaryPrimitives.ReadUInt32BigEndian(_rest.Span);
            _rest = _rest[4..];
            return value;
        }

        public string Text()
        {
            int length = (int)Number();
            string text = Encoding.Latin1.GetString(_rest.Span[..length]);
            _rest = _rest[length..];
            return text;
        }
    }
}
