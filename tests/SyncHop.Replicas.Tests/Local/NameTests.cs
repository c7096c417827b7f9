using System.Diagnostics;
using System.Text;
using CsCheck;
using SyncHop.Engine.Contract;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

public sealed class NameTests : LocalFixture
{
    private const uint Mode755 = 0x1ED;

    public static TheoryData<byte[]> OddNames => new(
        new byte[] { 0xFF, 0xFE, (byte)'x', 0x80 },
        "new\nline"u8.ToArray(),
        Enumerable.Repeat((byte)'n', 255).ToArray(),
        Enumerable.Repeat((byte)0xC3, 255).ToArray(),
        " leading and trailing "u8.ToArray(),
        "-rf"u8.ToArray(),
        "..."u8.ToArray(),
        new byte[] { 1, 27, 127 },
        "\\"u8.ToArray());

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task Names_are_bytes(byte[] name)
    {
        RelativePath directory = RelativePath.Root.Join(name);
        RelativePath file = directory.Join(name);
        await Replica.CreateDirectoryAsync(directory, Mode755, Cancellation);
        await WriteAsync(file, name);
        await Replica.CreateSymlinkAsync(directory.Join("link"u8), name, Cancellation);

        Assert.Equal(name, await ReadAsync(file));
        Assert.Equal(name, await Replica.ReadLinkAsync(directory.Join("link"u8), Cancellation));
        FileList list = await Replica.ListAsync(RelativePath.Root, false, Cancellation);
        Assert.Equal(name, list.NameOf(list.Entries[0]).ToArray());

        // Another program sees the same bytes.
        ProcessStartInfo start = new("ls", ["-1UA", "--zero", "--", RootPath]) { RedirectStandardOutput = true };
        using Process ls = Process.Start(start)!;
        using MemoryStream output = new();
        await ls.StandardOutput.BaseStream.CopyToAsync(output, Cancellation);
        Assert.Equal([.. name, 0], output.ToArray());
    }

    [Theory]
    [InlineData(256)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(70_000)]
    public async Task Names_that_are_too_long_are_said_to_be(int length)
    {
        RelativePath path = new([.. Enumerable.Repeat((byte)'n', length)]);
        ReplicaException failure = await FailsAsync(
            ReplicaError.Other, () => Replica.CreateDirectoryAsync(path, Mode755, Cancellation));
        Assert.Equal("File name too long (36)", failure.Reason);
        failure = await FailsAsync(
            ReplicaError.Other, () => Replica.CreateDirectoryAsync(path.Join("a"u8), Mode755, Cancellation));
        Assert.Equal("File name too long (36)", failure.Reason);
    }

    [Fact]
    public async Task Trees_may_be_deeper_than_a_path_may_be_long()
    {
        byte[] name = [.. Enumerable.Repeat((byte)'d', 250)];
        RelativePath path = RelativePath.Root;
        for (int i = 0; i < 20; i++)
        {
            path = path.Join(name);
            await Replica.CreateDirectoryAsync(path, Mode755, Cancellation);
        }
        await WriteAsync(path.Join("file"u8), "deep"u8.ToArray());
        Assert.True(path.Bytes.Length > 4096);
        Assert.Equal("deep"u8.ToArray(), await ReadAsync(path.Join("file"u8)));
        Assert.Equal(["file"], await NamesAsync(path));
    }

    [Theory]
    [InlineData("/", "", "/")]
    [InlineData("/", "a", "/a")]
    [InlineData("//x/./y//", "a/b", "/x/y/a/b")]
    [InlineData("/x/../y", "a", "/x/../y/a")]
    [InlineData("", "a", "{cwd}/a")]
    [InlineData(".", "", "{cwd}")]
    [InlineData("./t/", "a", "{cwd}/t/a")]
    public void A_full_path_is_absolute(string root, string path, string expected)
    {
        using IReplica replica = Host.Open(Encoding.UTF8.GetBytes(root));
        expected = expected.Replace("{cwd}", Directory.GetCurrentDirectory(), StringComparison.Ordinal);
        Assert.Equal(expected, Encoding.UTF8.GetString(replica.FullPath(P(path))));
    }

    [Fact]
    public void A_root_with_a_nul_byte_is_refused() => Assert.Throws<ArgumentException>(() => Host.Open([(byte)'a', 0]));

    [Fact]
    public async Task Any_name_that_Linux_takes_comes_back()
    {
        Gen<byte> letter = Gen.Byte.Where(b => b is not (0 or (byte)'/'));
        Gen<byte[]> name = letter.Array[1, 255].Where(n => n is not [(byte)'.'] and not [(byte)'.', (byte)'.']);
        await name.SampleAsync(async n =>
        {
            RelativePath path = RelativePath.Root.Join(n);
            await Replica.CreateDirectoryAsync(path, Mode755, CancellationToken.None);
            FileList list = await Replica.ListAsync(RelativePath.Root, false, CancellationToken.None);
            bool isFound = list.Count == 1 && list.NameOf(list.Entries[0]).SequenceEqual(n);
            await Replica.RemoveDirectoryAsync(path, CancellationToken.None);
            return isFound;
        }, iter: 200, threads: 1);
    }
}
