using System.Text;

namespace SyncHop.Sftp.Tests;

/// <summary>Every request and its reply, byte for byte as the draft and OpenSSH's PROTOCOL have them.</summary>
public sealed class CodecTests
{
    private const string Ok = "00000011 65 00000000 00000000 00000000 00000000";
    private const string HandleAb = "0000000b 66 00000000 00000002'ab'";

    private static readonly SftpAttributes AllAttributes = default(SftpAttributes)
        .WithSize(0x0102030405060708).WithOwner(1000, 2000).WithPermissions(0x81A4).WithTimes(0x5F000000, 0xFFFFFFFF);

    private const string AllAttributesWire = "0000000f 0102030405060708 000003e8 000007d0 000081a4 5f000000 ffffffff";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open() => Assert.False((await ExchangeAsync(
        client => client.OpenAsync("path"u8.ToArray(), SftpOpenFlags.Write | SftpOpenFlags.Create | SftpOpenFlags.Exclusive,
            default(SftpAttributes).WithPermissions(0x180), Token),
        "00000019 03 00000000 00000004'path' 0000002a 00000004 00000180", HandleAb)).IsClosed);

    [Fact]
    public Task Close() => OnHandleAsync((client, handle) => client.CloseAsync(handle, Token), "0000000b 04 ID 00000002'ab'");

    [Fact]
    public async Task Read()
    {
        byte[] buffer = new byte[16];
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        SftpHandle handle = await OpenAsync(server);
        ValueTask<int> read = server.Client.ReadAsync(handle, 0x010203040506, buffer, Token);
        Assert.Equal(Wire.Bytes("00000017 05 00001000 00000002'ab' 0000010203040506 00000010"), await server.ReceiveAsync());
        await server.SendAsync("0000000e 67 00001000 00000005'hello'");
        Assert.Equal(5, await read.Soon());
        Assert.Equal([.. "hello"u8, .. new byte[11]], buffer);
    }

    [Fact]
    public Task Write() => OnHandleAsync(
        (client, handle) => client.WriteAsync(handle, 0x0102030405060708, "data"u8.ToArray(), Token),
        "0000001b 06 ID 00000002'ab' 0102030405060708 00000004'data'");

    [Fact]
    public async Task LStat() => Assert.Equal(AllAttributes, await ExchangeAsync(
        client => client.LStatAsync("p"u8.ToArray(), Token),
        "0000000a 07 00000000 00000001'p'", $"00000025 69 00000000 {AllAttributesWire}"));

    [Fact]
    public async Task StatWithoutAttributes() => Assert.Equal(default, await ExchangeAsync(
        client => client.StatAsync("p"u8.ToArray(), Token),
        "0000000a 11 00000000 00000001'p'", "00000009 69 00000000 00000000"));

    [Fact]
    public async Task ExtendedAttributesAreSkipped()
    {
        SftpAttributes attributes = await ExchangeAsync(
            client => client.StatAsync("p"u8.ToArray(), Token), "0000000a 11 00000000 00000001'p'",
            "00000027 69 00000000 80000004 0000a1ff 00000002 00000001'a' 00000002'bc' 00000003'def' 00000000");
        Assert.Equal(default(SftpAttributes).WithPermissions(0xA1FF), attributes);
        Assert.Equal(SftpFileType.Symlink, attributes.FileType);
    }

    [Fact]
    public async Task FStat()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        SftpHandle handle = await OpenAsync(server);
        ValueTask<SftpAttributes> stat = server.Client.FStatAsync(handle, Token);
        Assert.Equal(Wire.Bytes("0000000b 08 00001000 00000002'ab'"), await server.ReceiveAsync());
        await server.SendAsync("00000011 69 00001000 00000001 0000000000000007");
        Assert.Equal(default(SftpAttributes).WithSize(7), await stat.Soon());
    }

    [Fact]
    public Task SetStat() => StatusAsync(
        client => client.SetStatAsync("p"u8.ToArray(), AllAttributes, Token), $"0000002a 09 00000000 00000001'p' {AllAttributesWire}");

    [Fact]
    public Task FSetStat() => OnHandleAsync(
        (client, handle) => client.FSetStatAsync(handle, default(SftpAttributes).WithTimes(1, 2), Token),
        "00000017 0a ID 00000002'ab' 00000008 00000001 00000002");

    [Fact]
    public Task LSetStat() => StatusAsync(
        client => client.LSetStatAsync("p"u8.ToArray(), default(SftpAttributes).WithOwner(1, 2), Token),
        "0000002e c8 00000000 00000014'lsetstat@openssh.com' 00000001'p' 00000002 00000001 00000002");

    [Fact]
    public async Task OpenDir() => Assert.NotNull(await ExchangeAsync(
        client => client.OpenDirAsync("dir"u8.ToArray(), Token), "0000000c 0b 00000000 00000003'dir'", HandleAb));

    [Fact]
    public async Task ReadDir()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        SftpHandle handle = await OpenAsync(server);
        var sink = new CollectingSink();
        ValueTask<bool> more = server.Client.ReadDirAsync(handle, sink, Token);
        Assert.Equal(Wire.Bytes("0000000b 0c 00001000 00000002'ab'"), await server.ReceiveAsync());
        await server.SendAsync(
            "00000070 68 00001000 00000006"
            + "00000001'.' 00000000 00000000"
            + "00000002'..' 00000000 00000000"
            + "00000003'a'ff'b' 00000004'long' 00000004 000041ed"
            + "00000000 00000000 00000000"
            + "00000003'a/b' 00000000 00000000"
            + "00000002'a'00 00000004'long' 00000001 0000000000000001");
        Assert.True(await more.Soon());
        (byte[] name, SftpAttributes attributes) = Assert.Single(sink.Entries);
        Assert.Equal([(byte)'a', 0xFF, (byte)'b'], name);
        Assert.Equal(SftpFileType.Directory, attributes.FileType);
        Assert.Equal([[], "a/b"u8.ToArray(), "a\0"u8.ToArray()], sink.Refused);
    }

    [Fact]
    public Task Remove() => StatusAsync(
        client => client.RemoveAsync("p"u8.ToArray(), Token), "0000000a 0d 00000000 00000001'p'");

    [Fact]
    public Task MkDir() => StatusAsync(
        client => client.MkDirAsync("p"u8.ToArray(), default(SftpAttributes).WithPermissions(0x1C0), Token),
        "00000012 0e 00000000 00000001'p' 00000004 000001c0");

    [Fact]
    public Task RmDir() => StatusAsync(
        client => client.RmDirAsync("p"u8.ToArray(), Token), "0000000a 0f 00000000 00000001'p'");

    [Fact]
    public async Task RealPath() => Assert.Equal("/home"u8.ToArray(), await ExchangeAsync(
        client => client.RealPathAsync("."u8.ToArray(), Token), "0000000a 10 00000000 00000001'.'",
        "0000001a 68 00000000 00000001 00000005'/home' 00000000 00000000"));

    [Fact]
    public async Task ReadLink() => Assert.Equal("to"u8.ToArray(), await ExchangeAsync(
        client => client.ReadLinkAsync("p"u8.ToArray(), Token), "0000000a 13 00000000 00000001'p'",
        "00000019 68 00000000 00000001 00000002'to' 00000002'to' 00000000"));

    [Fact]
    public Task Rename() => StatusAsync(
        client => client.RenameAsync("old"u8.ToArray(), "new"u8.ToArray(), Token),
        "00000013 12 00000000 00000003'old' 00000003'new'");

    [Fact]
    public Task PosixRename() => StatusAsync(
        client => client.PosixRenameAsync("old"u8.ToArray(), "new"u8.ToArray(), Token),
        "0000002f c8 00000000 00000018'posix-rename@openssh.com' 00000003'old' 00000003'new'");

    [Fact]
    public Task SymlinkSendsTheTargetFirst() => StatusAsync(
        client => client.SymlinkAsync(linkPath: "link"u8.ToArray(), targetPath: "target"u8.ToArray(), Token),
        "00000017 14 00000000 00000006'target' 00000004'link'");

    [Fact]
    public Task HardLink() => StatusAsync(
        client => client.HardLinkAsync("old"u8.ToArray(), "new"u8.ToArray(), Token),
        "0000002b c8 00000000 00000014'hardlink@openssh.com' 00000003'old' 00000003'new'");

    [Fact]
    public Task FSync() => OnHandleAsync(
        (client, handle) => client.FSyncAsync(handle, Token), "00000020 c8 ID 00000011'fsync@openssh.com' 00000002'ab'");

    [Fact]
    public Task CopyData() => OnHandleAsync(
        (client, handle) => client.CopyDataAsync(handle, 1, 2, handle, 3, Token),
        "00000036 c8 ID 00000009'copy-data' 00000002'ab' 0000000000000001 0000000000000002 00000002'ab' 0000000000000003");

    [Fact]
    public async Task StatVfs()
    {
        string fields = string.Concat(Enumerable.Range(1, 11).Select(i => $"{i:x16}"));
        SftpFileSystemInfo info = await ExchangeAsync(
            client => client.StatVfsAsync("p"u8.ToArray(), Token),
            "00000021 c8 00000000 00000013'statvfs@openssh.com' 00000001'p'", $"0000005d c9 00000000 {fields}");
        Assert.Equal(new SftpFileSystemInfo(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), info);
        Assert.False(info.IsReadOnly);
    }

    [Fact]
    public async Task FStatVfs()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        SftpHandle handle = await OpenAsync(server);
        ValueTask<SftpFileSystemInfo> reply = server.Client.FStatVfsAsync(handle, Token);
        Assert.Equal(Wire.Bytes("00000023 c8 00001000 00000014'fstatvfs@openssh.com' 00000002'ab'"), await server.ReceiveAsync());
        await server.SendAsync($"0000005d c9 00001000 {new string('0', 10 * 16)} 00000000000000ff");
        Assert.Equal(255u, (await reply.Soon()).MaxNameLength);
    }

    [Fact]
    public async Task ExpandPath() => Assert.Equal("/root"u8.ToArray(), await ExchangeAsync(
        client => client.ExpandPathAsync("~"u8.ToArray(), Token),
        "00000025 c8 00000000 00000017'expand-path@openssh.com' 00000001'~'",
        "0000001a 68 00000000 00000001 00000005'/root' 00000000 00000000"));

    [Fact]
    public async Task HomeDirectory() => Assert.Equal("/root"u8.ToArray(), await ExchangeAsync(
        client => client.HomeDirectoryAsync("root"u8.ToArray(), Token),
        "0000001f c8 00000000 0000000e'home-directory' 00000004'root'",
        "0000001a 68 00000000 00000001 00000005'/root' 00000000 00000000"));

    [Fact]
    public async Task UsersGroupsById()
    {
        SftpNamesById names = await ExchangeAsync(
            client => client.UsersGroupsByIdAsync(new uint[] { 0, 70000 }, new uint[] { 5 }, Token),
            "0000003b c8 00000000 0000001e'users-groups-by-id@openssh.com' 00000008 00000000 00011170 00000004 00000005",
            "00000020 c9 00000000 0000000c 00000004'root' 00000000 00000007 00000003'tty'");
        Assert.Equal(["root", ""], names.Users.Select(Encoding.UTF8.GetString));
        Assert.Equal(["tty"], names.Groups.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public async Task LimitsAreKnownBeforeTheNextReply()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(
            "00000020 02 00000003 00000012'limits@openssh.com' 00000001'1'");
        Assert.Equal(SftpLimits.Conservative, server.Client.Limits);
        ValueTask<SftpAttributes> stat = server.Client.LStatAsync("p"u8.ToArray(), Token);
        Assert.Equal(Wire.Bytes("0000001b c8 00000000 00000012'limits@openssh.com'"), await server.ReceiveAsync());
        Assert.Equal(Wire.Bytes("0000000a 07 00001001 00000001'p'"), await server.ReceiveAsync());
        await server.SendAsync("00000025 c9 00000000 0000000000040000 000000000003fc00 0000000000100000 0000000000000064"
            + "00000009 69 00001001 00000000");
        await stat.Soon();
        Assert.Equal(new SftpLimits(262144, 261120, 261120, 100), server.Client.Limits);
        await server.Client.LimitsKnown;
    }

    private static async Task<T> ExchangeAsync<T>(Func<SftpClient, ValueTask<T>> call, string request, string reply)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask<T> result = call(server.Client);
        Assert.Equal(Wire.Bytes(request), await server.ReceiveAsync());
        await server.SendAsync(reply);
        return await result.Soon();
    }

    private static async Task StatusAsync(Func<SftpClient, ValueTask> call, string request)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask done = call(server.Client);
        Assert.Equal(Wire.Bytes(request), await server.ReceiveAsync());
        await server.SendAsync(Ok);
        await done.Soon();
    }

    private static async Task OnHandleAsync(Func<SftpClient, SftpHandle, ValueTask> call, string request)
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask done = call(server.Client, await OpenAsync(server));
        // The second use of slot 0.
        Assert.Equal(Wire.Bytes(request.Replace("ID", "00001000", StringComparison.Ordinal)), await server.ReceiveAsync());
        await server.SendStatusAsync(0x1000, SftpStatusCode.Ok);
        await done.Soon();
    }

    private static async Task<SftpHandle> OpenAsync(ScriptedServer server)
    {
        ValueTask<SftpHandle> opening = server.Client.OpenAsync("f"u8.ToArray(), SftpOpenFlags.Read, default, Token);
        await server.ReceiveAsync();
        await server.SendAsync(HandleAb);
        return await opening;
    }
}
