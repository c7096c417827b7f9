using System.Diagnostics;
using System.Globalization;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Local;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

public sealed class HostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_limit_of_open_files_is_raised_and_half_of_it_left()
    {
        await using LocalHost host = new();
        Assert.Equal(0, Libc.getrlimit(Linux.RLIMIT_NOFILE, out ResourceLimit limit));
        Assert.Equal(limit.Hard, limit.Soft);
        Assert.InRange((ulong)host.Traits.OpenFiles, 1ul, limit.Soft / 2);
        Assert.True(host.Traits.IsLocal);
    }

    [Fact]
    public async Task Names_are_those_of_the_system()
    {
        LocalIdentities identities = new();
        await identities.LoadAsync(Cancellation);
        const uint unused = 3_999_999_999;
        IdentityNames names = await identities.NamesAsync([0, unused], [0, unused], Cancellation);

        Assert.Equal("root"u8.ToArray(), Assert.Single(names.Users).Value);
        Assert.Equal(await OutputAsync("getent", "group", "0"), System.Text.Encoding.UTF8.GetString(names.Groups[0]));
        Assert.Equal([0u], names.Groups.Keys);
        Assert.Equal(0u, identities.FindUser("root"u8));
        Assert.Equal(0u, identities.FindGroup(names.Groups[0]));
        Assert.Null(identities.FindUser("no such user"u8));
        Assert.Null(identities.FindGroup("no such group"u8));
        Assert.Null(identities.FindUser("root\0x"u8));
        Assert.Null(identities.FindUser(""u8));
        Assert.Null(identities.FindUser(new byte[100_000]));
    }

    [Fact]
    public async Task Who_this_is_and_its_groups_are_known()
    {
        LocalIdentities identities = new();
        await identities.LoadAsync(Cancellation);
        Assert.Equal(uint.Parse(await OutputAsync("id", "-u"), CultureInfo.InvariantCulture), identities.Uid);
        Assert.Equal(identities.Uid == 0, identities.IsSuperuser);
        foreach (string gid in (await OutputAsync("id", "-G")).Split(' '))
            Assert.True(identities.IsMember(uint.Parse(gid, CultureInfo.InvariantCulture)));
        Assert.False(identities.IsMember(3_999_999_999));
    }

    /// <summary>The first field of what a program prints.</summary>
    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return output.TrimEnd('\n').Split(':')[0];
    }
}
