using System.Security.Cryptography;

namespace SyncHop.Sftp.Tests;

/// <summary>check-file: what is asked, and what may be answered.</summary>
public sealed class CheckFileTests
{
    private const string Announced = "0000002a 02 00000003 00000011'check-file-handle' 0000000c'md5,sha1,crc'";
    private const string Later = "0000001c 02 00000003 00000008'versions' 00000007'3,4,5,6'";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheRequestIsThatOfTheDraft()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(Announced);
        _ = server.Client.HashAsync(new SftpHandle("H"u8.ToArray()), 0x1000, 600, 512, Token).AsTask();
        Assert.Equal(
            Wire.Bytes("0000004b c8 00000000 00000011'check-file-handle' 00000001'H' 00000014'sha256,sha512,sha384'"
                + "0000000000001000 0000000000000258 00000200"),
            await server.ReceiveAsync());
    }

    [Theory]
    [InlineData("0000004f c9 00000000 00000006'sha256'")]
    [InlineData("0000005d c9 00000000 0000000a'check-file' 00000006'sha256'")]
    public async Task BothFormsOfTheReplyAreRead(string start)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(Announced);
        ValueTask<SftpBlockHashes> asked = server.Client.HashAsync(new SftpHandle([1]), 0, 600, 512, Token);
        await server.ReceiveAsync();
        await server.SendAsync(start + string.Concat(Enumerable.Repeat("ab", 64)));
        SftpBlockHashes found = await asked.Soon();
        Assert.Equal(HashAlgorithmName.SHA256, found.Algorithm.Function);
        Assert.Equal(64, found.Hashes.Length);
    }

    [Theory]
    [InlineData("0000002f c9 00000000 00000006'sha256'", 32)]      // one block where two were asked for
    [InlineData("0000000f c9 00000000 00000006'sha256'", 0)]
    [InlineData("0000002c c9 00000000 00000003'md5'", 32)]         // not asked for
    [InlineData("00000011 65 00000000 00000008 00000000 00000000", 0)]
    public async Task AnythingElseIsARefusalOfThisRequestAlone(string start, int hashes)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(Announced);
        ValueTask<SftpBlockHashes> asked = server.Client.HashAsync(new SftpHandle([1]), 0, 600, 512, Token);
        ValueTask other = server.Client.FSetStatAsync(new SftpHandle([1]), default, Token);
        await server.ReceiveAsync();
        uint id = await server.ReceiveIdAsync(PacketType.FSetStat);
        await server.SendAsync(start + string.Concat(Enumerable.Repeat("ab", hashes)) + $"00000009 65 {id:x8} 00000000");
        await Assert.ThrowsAsync<SftpException>(() => asked.Soon());
        await other.Soon();
    }

    [Fact]
    public async Task ATruncatedReplyIsAProtocolError()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(Announced);
        ValueTask<SftpBlockHashes> asked = server.Client.HashAsync(new SftpHandle([1]), 0, 600, 512, Token);
        await server.ReceiveAsync();
        await server.SendAsync("0000000f c9 00000000 00000fff'sha256'");
        await Assert.ThrowsAsync<SftpProtocolException>(() => asked.Soon());
    }

    [Theory]
    [InlineData(ScriptedServer.AllExtensions, false)]
    [InlineData(Announced, true)]
    public async Task AServerThatTellsIsNotAsked(string version, bool hashes)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(version);
        Assert.Equal(hashes, await server.Client.HashesFilesAsync(Token).Soon());
        Assert.Equal(0, server.Client.Statistics.Requests);
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(4, true)]    // a directory: it has the request
    [InlineData(3, true)]
    public async Task AServerOfLaterVersionsIsAskedWithADirectory(int status, bool hashes)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(Later);
        ValueTask<bool> asked = server.Client.HashesFilesAsync(Token);
        Assert.Equal(
            Wire.Bytes("00000049 c8 00000000 0000000f'check-file-name' 00000001'.' 00000014'sha256,sha512,sha384'"
                + "0000000000000000 0000000000000000 00000000"),
            await server.ReceiveAsync());
        await server.SendAsync($"00000009 65 00000000 0000000{status}");
        Assert.Equal(hashes, await asked.Soon());
    }
}
