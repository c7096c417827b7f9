namespace SyncHop.Sftp.Tests;

/// <summary>What a broken or malicious server may send: one clear error for every request, never a hang.</summary>
public sealed class HostileReplyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("00000005 65 00000001", "not pending")]                                                // unknown id
    [InlineData("00000009 66 00000000 00000000", "packet type 102")]                                   // wrong type
    [InlineData("00000009 67 00000000 00000000", "packet type 103")]                                   // DATA to LSTAT
    [InlineData("00000009 68 00000000 00000000", "packet type 104")]
    [InlineData("00000011 65 00000000 00000000 00000000 00000000", "OK instead")]
    [InlineData("00000009 07 00000000 00000000", "no reply")]                                          // a request
    [InlineData("00000009 02 00000000 00000000", "no reply")]                                          // a second VERSION
    [InlineData("00000000 65 00000000", "length 0")]
    [InlineData("00000004 65 000000", "length 4")]                                                     // no room for the id
    [InlineData("7fffffff 69 00000000", "length 2147483647")]
    [InlineData("ffffffff 69 00000000", "length 4294967295")]
    [InlineData("00040401 69 00000000", "length 263169")]                                              // above 257 KiB
    [InlineData("00100001 68 00000000", "length 1048577")]                                             // above 1 MiB
    [InlineData("00000005 69 00000000", "truncated")]                                                  // no flags
    [InlineData("0000000d 69 00000000 00000001 00000000", "truncated")]                                // half a size
    [InlineData("0000000d 69 00000000 80000000 ffffffff", "4294967295 items")]                         // extended count
    [InlineData("00000015 69 00000000 80000000 00000001 00000009 00000000", "truncated")]              // extended pair
    [InlineData("00000005 65 00000000", "truncated")]                                                  // STATUS without code
    [InlineData("0000000d 65 00000000 00000004 ffffffff", "truncated")]                                // its text
    [InlineData("00000011 65 00000000 00000004 00000000 80000000", "truncated")]                       // its language
    public async Task BreaksEveryRequestWithAProtocolError(string reply, string expected)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask<SftpAttributes> stat = server.Client.LStatAsync("p"u8.ToArray(), Token);
        ValueTask other = server.Client.RemoveAsync("q"u8.ToArray(), Token);
        await server.ReceiveAsync();
        await server.ReceiveAsync();
        await server.SendAsync(reply);

        var error = await Assert.ThrowsAsync<SftpProtocolException>(() => stat.Soon());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SftpProtocolException>(() => other.Soon());
        await Assert.ThrowsAsync<SftpProtocolException>(() => server.Client.RmDirAsync("r"u8.ToArray(), Token).Soon());
    }

    [Theory]
    [InlineData("0000001a 67 00000000 00000011 '0123456789abcdef!'", "17 bytes of data where 16")]     // more than asked
    [InlineData("00000009 67 00000000 ffffffff", "4294967295 bytes of data in a packet")]
    [InlineData("0000000a 67 00000000 00000000 00", "0 bytes of data in a packet")]                    // bytes left over
    [InlineData("0000000d 67 00000000 00000005 '1234'", "5 bytes of data in a packet")]
    [InlineData("00000005 67 00000000", "length 5")]
    [InlineData("00000009 69 00000000 00000000", "packet type 105")]
    public async Task BreaksReadingWithAProtocolError(string reply, string expected)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask<int> read = server.Client.ReadAsync(new SftpHandle([1]), 0, new byte[16], Token);
        await server.ReceiveAsync();
        await server.SendAsync(reply);
        var error = await Assert.ThrowsAsync<SftpProtocolException>(() => read.Soon());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00000009 68 00000000 00000000", "0 names")]
    [InlineData("00000021 68 00000000 00000002 00000000 00000000 00000000 00000000 00000000 00000000", "2 names")]
    [InlineData("00000009 68 00000000 ffffffff", "4294967295 items")]
    [InlineData("00000015 68 00000000 00000001 7fffffff 00000000 00000000", "truncated")]
    [InlineData("00000015 68 00000000 00000001 00000000 00000000 00000001", "truncated")]
    public async Task BreaksResolvingWithAProtocolError(string reply, string expected)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask<byte[]> path = server.Client.RealPathAsync("."u8.ToArray(), Token);
        await server.ReceiveAsync();
        await server.SendAsync(reply);
        var error = await Assert.ThrowsAsync<SftpProtocolException>(() => path.Soon());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000000d c9 00000000 00000000 00000000")]                                             // no name at all
    [InlineData("00000015 c9 00000000 00000008 00000000 00000000 00000000")]                           // one too many
    [InlineData("00000011 c9 00000000 00000004 80000000 00000000")]                                    // beyond its list
    public async Task BreaksNamesOfIdsWithAProtocolError(string reply)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask<SftpNamesById> names = server.Client.UsersGroupsByIdAsync(new uint[] { 1 }, ReadOnlyMemory<uint>.Empty, Token);
        await server.ReceiveAsync();
        await server.SendAsync(reply);
        await Assert.ThrowsAsync<SftpProtocolException>(() => names.Soon());
    }

    [Fact]
    public async Task ASecondReplyToTheSameIdIsAProtocolError()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask remove = server.Client.RemoveAsync("p"u8.ToArray(), Token);
        uint id = await server.ReceiveIdAsync(PacketType.Remove);
        await server.SendStatusAsync(id, SftpStatusCode.Ok);
        await remove.Soon();
        // The next request uses the same slot with another id.
        ValueTask second = server.Client.RemoveAsync("q"u8.ToArray(), Token);
        Assert.NotEqual(id, await server.ReceiveIdAsync(PacketType.Remove));
        await server.SendStatusAsync(id, SftpStatusCode.Ok);
        await Assert.ThrowsAsync<SftpProtocolException>(() => second.Soon());
    }

    [Fact]
    public async Task AHandleOfMoreThan256BytesIsAProtocolError()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask<SftpHandle> open = server.Client.OpenDirAsync("p"u8.ToArray(), Token);
        await server.ReceiveAsync();
        await server.SendAsync($"0000010a 66 00000000 00000101 {new string('0', 2 * 257)}");
        await Assert.ThrowsAsync<SftpProtocolException>(() => open.Soon());
    }

    [Theory]
    [InlineData("", "closed the connection")]
    [InlineData("00", "in the middle of a packet")]
    [InlineData("00000009 69 00000000 00", "in the middle of a packet")]
    [InlineData("00000009 67 00000000", "in the middle of a packet")]
    public async Task TheEndOfTheChannelFailsEveryRequest(string last, string expected)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask<SftpAttributes> stat = server.Client.LStatAsync("p"u8.ToArray(), Token);
        await server.ReceiveAsync();
        await server.SendAsync(last);
        await server.EndAsync();
        var error = await Assert.ThrowsAsync<SftpConnectionLostException>(() => stat.Soon());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SftpConnectionLostException>(() => server.Client.RmDirAsync("r"u8.ToArray(), Token).Soon());
    }

    [Fact]
    public async Task TheEndOfTheChannelInTheMiddleOfDataFailsTheRead()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask<int> read = server.Client.ReadAsync(new SftpHandle([1]), 0, new byte[16], Token);
        await server.ReceiveAsync();
        await server.SendAsync("00000011 67 00000000 00000008 '1234'");
        await server.EndAsync();
        await Assert.ThrowsAsync<SftpConnectionLostException>(() => read.Soon());
    }

    [Theory]
    [InlineData("00000005 02 00000002", "version 2")]
    [InlineData("00000005 02 00000006", "version 6")]
    [InlineData("00000004 02 000000", "does not speak SFTP")]
    [InlineData("00000009 65 00000003 00000000", "does not speak SFTP")]
    [InlineData("00100001 02 00000003", "does not speak SFTP")]
    [InlineData("'Welcome to the machine'0a", "it sent \"Welcome to the machine\\x0A\"")]
    [InlineData("0000000d 02 00000003 00000001 00000000", "truncated")]
    [InlineData("00000009 02 00000003 ffffffff", "truncated")]
    [InlineData("0000000a 02 00000003 00000001 'a'", "truncated")]
    public async Task ABadGreetingIsRefused(string greeting, string expected)
    {
        (ScriptedServer server, DuplexPipe clientEnd) = ScriptedServer.Create();
        await using ScriptedServer _ = server;
        Task<SftpClient> connecting = SftpClient.ConnectAsync(clientEnd, null, Token);
        await server.SendAsync(greeting);
        var error = await Assert.ThrowsAsync<SftpProtocolException>(() => connecting.Soon());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GarbageInTheExtensionsIsNoExtension()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(
            "00000053 02 00000003 00000000 00000000"
            + "00000005'a'0a1bfe'b' 00000002'x'07"
            + "00000014'hardlink@openssh.com' 00000001'2'"
            + "00000009'copy-data' 00000001'1' 00000000 00000000");
        Assert.True(server.Client.Supports(SftpExtension.CopyData));
        Assert.False(server.Client.Supports(SftpExtension.HardLink));
        Assert.Contains(new("a\\x0A\\x1B\\xFEb", "x\\x07"), server.Client.Extensions);
        var error = await Assert.ThrowsAsync<SftpException>(
            () => server.Client.HardLinkAsync("a"u8.ToArray(), "b"u8.ToArray(), Token).Soon());
        Assert.Equal(SftpStatusCode.Unsupported, error.StatusCode);
    }

    [Theory]
    [InlineData("0000000000000000 0000000000000000 0000000000000000 0000000000000000", 34000, 32768, 32768, null)]
    [InlineData("ffffffffffffffff ffffffffffffffff ffffffffffffffff ffffffffffffffff", 1048576, 261120, 261120, long.MaxValue)]
    [InlineData("0000000000000001 0000000000000001 0000000000000001 0000000000000001", 1024, 64, 64, 1L)]
    public async Task StrangeLimitsAreClamped(string limits, int packet, int read, int write, long? handles)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(
            "00000020 02 00000003 00000012'limits@openssh.com' 00000001'1'");
        await server.ReceiveAsync();
        await server.SendAsync($"00000025 c9 00000000 {limits}");
        await server.Client.LimitsKnown.Soon();
        Assert.Equal(new SftpLimits(packet, read, write, handles), server.Client.Limits);
    }

    [Fact]
    public async Task TheServersTextIsMadeSafeToPrint()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask remove = server.Client.RemoveAsync(new byte[] { (byte)'p', 0xFF, (byte)'\n' }, Token);
        await server.ReceiveAsync();
        await server.SendAsync("0000001b 65 00000000 00000003 0000000a 'no'1b'[31m'e280ae 00000000");
        var error = await Assert.ThrowsAsync<SftpException>(() => remove.Soon());
        Assert.Equal("no\\x1B[31m\\xE2\\x80\\xAE", error.ServerMessage);
        Assert.Equal("remove \"p\\xFF\\x0A\": no\\x1B[31m\\xE2\\x80\\xAE", error.Message);
        Assert.Equal(SftpStatusCode.PermissionDenied, error.StatusCode);
        Assert.Equal([(byte)'p', 0xFF, (byte)'\n'], error.Path.ToArray());
    }

    [Fact]
    public async Task AStatusWithoutTextIsAccepted()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask remove = server.Client.RemoveAsync("p"u8.ToArray(), Token);
        await server.ReceiveAsync();
        await server.SendAsync("00000009 65 00000000 0000002a");
        var error = await Assert.ThrowsAsync<SftpException>(() => remove.Soon());
        Assert.Equal("remove \"p\": status 42", error.Message);
    }

    [Fact]
    public async Task APathWithANulIsNeverSent()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        var error = await Assert.ThrowsAsync<SftpException>(() => server.Client.RemoveAsync("a\0b"u8.ToArray(), Token).Soon());
        Assert.Equal(SftpStatusCode.BadMessage, error.StatusCode);
        await Assert.ThrowsAsync<SftpException>(() => server.Client.RemoveAsync(new byte[40_000], Token).Soon());
        Assert.True(server.HasNothingToReceive);
    }

    [Fact]
    public async Task APathTooLongForTheServerIsNeverSent()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        byte[] path = new byte[40_000];
        Array.Fill(path, (byte)'a');
        await Assert.ThrowsAsync<SftpException>(() => server.Client.RemoveAsync(path, Token).Soon());
        Assert.True(server.HasNothingToReceive);
    }

    [Fact]
    public async Task ALinkTargetWithANulIsRefused()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask<byte[]> link = server.Client.ReadLinkAsync("l"u8.ToArray(), Token);
        await server.ReceiveAsync();
        await server.SendAsync("00000018 68 00000000 00000001 00000003'a'00'b' 00000000 00000000");
        await Assert.ThrowsAsync<SftpException>(() => link.Soon());
    }

    [Fact]
    public async Task AnExceptionOfTheSinkEndsOnlyTheListing()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask<bool> more = server.Client.ReadDirAsync(new SftpHandle([1]), new ThrowingSink(), Token);
        await server.ReceiveAsync();
        await server.SendAsync("00000016 68 00000000 00000001 00000001'a' 00000000 00000000");
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => more.Soon());
        ValueTask remove = server.Client.RemoveAsync("p"u8.ToArray(), Token);
        await server.SendStatusAsync(await server.ReceiveIdAsync(PacketType.Remove), SftpStatusCode.Ok);
        await remove.Soon();
    }

    private sealed class ThrowingSink : ISftpDirectorySink
    {
        public void OnEntry(ReadOnlySpan<byte> name, in SftpAttributes attributes) => throw new InvalidTimeZoneException();

        public void OnRefusedName(ReadOnlySpan<byte> name) => throw new InvalidTimeZoneException();
    }
}
