using System.IO.Pipelines;
using CsCheck;

namespace SyncHop.Sftp.Tests;

/// <summary>
/// Mutated replies to one request of every kind: each request ends, with a result or an SFTP error, and nothing else
/// escapes. A failure prints CsCheck's seed; set <c>CsCheck_Seed</c> to it to repeat the case.
/// </summary>
public sealed class ReplyFuzzTests
{
    /// <summary>Good replies to the requests below, in their order; slot and generation count up together.</summary>
    private static readonly byte[][] GoodReplies =
    [
        Wire.Bytes("0000000b 66 00000000 00000002'ab'"),
        Wire.Bytes("0000000e 67 00001001 00000005'hello'"),
        Wire.Bytes("00000025 69 00002002 0000000f 0102030405060708 000003e8 000007d0 000081a4 5f000000 ffffffff"),
        Wire.Bytes("00000024 68 00003003 00000002 00000001'a' 00000000 00000000 00000002'bc' 00000000 00000000"),
        Wire.Bytes("0000001a 68 00004004 00000001 00000005'/home' 00000000 00000000"),
        Wire.Bytes("00000011 65 00005005 00000004 00000000 00000000"),
        Wire.Bytes($"0000005d c9 00006006 {new string('0', 11 * 16)}"),
        Wire.Bytes("00000020 c9 00007007 0000000c 00000004'root' 00000000 00000007 00000003'tty'"),
    ];

    private static readonly Gen<byte[]> Mutated =
        Gen.Select(
            Gen.Shuffle(GoodReplies),
            Gen.Select(Gen.Int[0, 400], Gen.Int[0, 5], Gen.Byte, static (at, kind, value) => (at, kind, value)).Array[0, 4],
            static (replies, mutations) =>
            {
                List<byte> bytes = [.. replies.SelectMany(static reply => reply)];
                foreach ((int at, int kind, byte value) in mutations)
                    Mutate(bytes, at % Math.Max(1, bytes.Count), kind, value);
                return bytes.ToArray();
            });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnmutatedRepliesAnswerEveryRequest()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        Task[] requests = await AskAsync(server);
        foreach (byte[] reply in GoodReplies.Reverse())
            await server.SendAsync(reply);
        await Assert.ThrowsAsync<SftpException>(() => requests[5].Soon());
        await Task.WhenAll([.. requests[..5], .. requests[6..]]).Soon();
    }

    [Fact]
    public Task EveryRequestEnds() => Gen.Select(Mutated, Gen.Int[1, 64]).SampleAsync(
        static async (bytes, piece) =>
        {
            await using ScriptedServer server = await ScriptedServer.ConnectAsync();
            Task[] requests = await AskAsync(server);
            for (int at = 0; at < bytes.Length; at += piece)
                await server.SendAsync(bytes[at..Math.Min(bytes.Length, at + piece)]);
            await server.EndAsync();
            foreach (Task request in requests)
                await AssertEndsAsync(request);
        }, iter: 2000);

    [Fact]
    public Task GarbageAsGreetingIsRefused() => Gen.Byte.Array[0, 100].SampleAsync(
        static async bytes =>
        {
            (ScriptedServer server, DuplexPipe clientEnd) = ScriptedServer.Create();
            await using ScriptedServer _ = server;
            Task<SftpClient> connecting = SftpClient.ConnectAsync(clientEnd, null, Token);
            await server.SendAsync(bytes);
            await server.EndAsync();
            await AssertEndsAsync(connecting);
        }, iter: 500);

    [Fact]
    public Task ARoundTripKeepsEveryAttribute() => Gen.Select(
        Gen.UInt[0, 15], Gen.ULong, Gen.UInt, Gen.UInt, Gen.UInt, Gen.UInt, Gen.UInt).SampleAsync(
        static (parts, size, uid, gid, mode, atime, mtime) =>
        {
            SftpAttributes attributes = default;
            if ((parts & 1) != 0)
                attributes = attributes.WithSize(size);
            if ((parts & 2) != 0)
                attributes = attributes.WithOwner(uid, gid);
            if ((parts & 4) != 0)
                attributes = attributes.WithPermissions(mode);
            if ((parts & 8) != 0)
                attributes = attributes.WithTimes(atime, mtime);
            var packet = new PacketBuilder();
            packet.Begin(PacketType.SetStat);
            packet.WriteAttributes(attributes);
            var reader = new PacketReader(packet.Bytes[PacketBounds.Header..]);
            Assert.Equal(attributes, reader.ReadAttributes());
            Assert.Equal(0, reader.Remaining);
            return Task.CompletedTask;
        });

    /// <summary>One request of every kind, each sent before the next is made: those about names would overtake the others.</summary>
    private static async Task<Task[]> AskAsync(ScriptedServer server)
    {
        SftpClient client = server.Client;
        var handle = new SftpHandle([1]);
        byte[] path = [(byte)'p'];
        Func<Task>[] kinds =
        [
            () => client.OpenAsync(path, SftpOpenFlags.Read, default, Token).AsTask(),
            () => client.ReadAsync(handle, 0, new byte[32], Token).AsTask(),
            () => client.LStatAsync(path, Token).AsTask(),
            () => client.ReadDirAsync(handle, new CollectingSink(), Token).AsTask(),
            () => client.RealPathAsync(path, Token).AsTask(),
            () => client.RemoveAsync(path, Token).AsTask(),
            () => client.StatVfsAsync(path, Token).AsTask(),
            () => client.UsersGroupsByIdAsync(new uint[] { 0, 1 }, new uint[] { 5 }, Token).AsTask(),
        ];
        List<Task> requests = [];
        foreach (Func<Task> kind in kinds)
        {
            requests.Add(kind());
            await server.ReceiveAsync();
        }
        return [.. requests];
    }

    private static async Task AssertEndsAsync(Task request)
    {
        try
        {
            await request.Soon();
        }
        catch (IOException e) when (e is SftpException or SftpConnectionException)
        {
            Assert.DoesNotContain(e.Message, char.IsControl);
            // A failure inside the client would show as its cause.
            Assert.True(e.InnerException is null, e.ToString());
        }
    }

    private static void Mutate(List<byte> bytes, int at, int kind, byte value)
    {
        if (bytes.Count == 0)
            return;
        switch (kind)
        {
            case 0:
                bytes[at] = value;
                break;
            case 1:
                bytes[at] ^= (byte)(1 << (value & 7));
                break;
            case 2:
                bytes.RemoveAt(at);
                break;
            case 3:
                bytes.Insert(at, value);
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                int count = Math.Min(bytes.Count - at, 1 + (value & 31));
                bytes.InsertRange(at, bytes.GetRange(at, count));
                break;
        }
    }
}
