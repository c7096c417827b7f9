using SyncHop.Engine;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Remote;
using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Running;

/// <summary>One remote side of a run: the hop chain, its channel, and the host with its SFTP session.</summary>
internal sealed class RemoteSide : IAsyncDisposable
{
    private readonly HopChain _chain;
    private readonly SshChannel _channel;

    private RemoteSide(HopChain chain, SshChannel channel, SftpHost host)
    {
        _chain = chain;
        _channel = channel;
        Host = host;
    }

    /// <summary>The final host.</summary>
    public SftpHost Host { get; }

    /// <summary>The final host's name.</summary>
    public string Name => _chain.Target;

    /// <summary>How each hop was reached.</summary>
    public IReadOnlyList<HopReport> Hops => _chain.Reports;

    /// <summary>Bytes sent and received so far.</summary>
    public WireBytes WireBytes => new(_channel.BytesSent, _channel.BytesReceived);

    /// <summary>Connects through all hops and starts SFTP on the last one.</summary>
    /// <param name="hops">The chain.</param>
    /// <param name="settings">How its hops are reached.</param>
    /// <param name="sftpCommand">What speaks SFTP on the last hop; null for its sftp subsystem.</param>
    /// <param name="prompt">Where questions and warnings go.</param>
    /// <param name="cancellation">Breaks off at once.</param>
    /// <exception cref="CommandException">A hop failed; the message names it.</exception>
    public static async Task<RemoteSide> ConnectAsync(
        IReadOnlyList<Hop> hops, SshSettings settings, string? sftpCommand, HopPrompt prompt, CancellationToken cancellation)
    {
        HopChain? chain = null;
        try
        {
            chain = await HopChain.ConnectAsync(hops, settings, prompt, cancellation).ConfigureAwait(false);
            SshChannel channel = await (sftpCommand is null
                ? chain.OpenSubsystemAsync("sftp", cancellation)
                : chain.OpenCommandAsync(sftpCommand, cancellation)).ConfigureAwait(false);
            SftpClient client = await SftpClient.ConnectAsync(channel, null, cancellation).ConfigureAwait(false);
            return new RemoteSide(chain, channel, new SftpHost(client, chain.TargetUser));
        }
        catch (Exception failure) when (failure is HopException or SftpConnectionException)
        {
            string target = chain?.Target ?? hops[^1].Host;
            if (chain is not null) await chain.DisposeAsync().ConfigureAwait(false);
            HopException? hop = failure as HopException ?? failure.InnerException as HopException;
            throw hop is null
                ? new CommandException(failure is SftpProtocolException ? ExitCode.Protocol : ExitCode.StartClient, $"{target}: {failure.Message}")
                : new CommandException(CodeOf(hop.Kind), hop.Message);
        }
        catch
        {
            if (chain is not null) await chain.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync().ConfigureAwait(false);
        await _chain.DisposeAsync().ConfigureAwait(false);
    }

    private static ExitCode CodeOf(HopFailureKind kind) => kind switch
    {
        HopFailureKind.Config => ExitCode.Usage,
        HopFailureKind.Timeout => ExitCode.ConnectTimeout,
        HopFailureKind.Lost => ExitCode.StreamIo,
        HopFailureKind.Connect or HopFailureKind.Forward => ExitCode.SocketIo,
        _ => ExitCode.StartClient,
    };
}
