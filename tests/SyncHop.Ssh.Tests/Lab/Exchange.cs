using System.IO.Pipelines;
using Xunit;

namespace SyncHop.Ssh.Tests.Lab;

/// <summary>Sends bytes through a channel whose program sends them back.</summary>
internal static class Exchange
{
    public static Task EchoAsync(HopChain chain, int length, CancellationToken cancellation) => EchoAsync(chain.First, length, cancellation);

    public static async Task EchoAsync(HopSession session, int length, CancellationToken cancellation)
    {
        await using SshChannel channel = await session.OpenSubsystemAsync("echo", cancellation);
        byte[] sent = new byte[length];
        new Random(length).NextBytes(sent);
        Task write = WriteAsync(channel.Output, sent, cancellation);
        using var received = new MemoryStream();
        await channel.Input.CopyToAsync(received, cancellation);
        await write;
        Assert.Equal(sent, received.ToArray());
    }

    private static async Task WriteAsync(PipeWriter writer, byte[] data, CancellationToken cancellation)
    {
        await writer.WriteAsync(data, cancellation);
        await writer.CompleteAsync();
    }
}
