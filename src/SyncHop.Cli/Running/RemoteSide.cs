using SyncHop.Engine;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Remote;
using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Running;

/// <summary>One remote side of a run: the hop chain, its channel, and the host with its SFTP session.</summary>
internal sealed class RemoteSide : IAsyncDisposable
{
    private static readonly TimeSpan DefaultAnswerTime = TimeSpan.FromSeconds(30);

    private readonly HopChain _chain;
    private readonly SshChannel _channel;

    private RemoteSide(HopChain chain, SshChannel channel, SftpHost host, IReadOnlyList<Hop> hops)
    {
        _chain = chain;
        _channel = channel;
        Host = host;
        Route = $"{string.Join(',', hops.Select(static hop => hop.Port is int port ? $"{hop.Host}:{port}" : hop.Host))} {chain.TargetUser}";
    }

    /// <summary>The final host.</summary>
    public SftpHost Host { get; }

    /// <summary>The final host's name.</summary>
    public string Name => _chain.Target;

    /// <summary>The way to the final host and the account there; the same name behind another gateway may be another host.</summary>
    public string Route { get; }

    /// <summary>Bytes sent and received so far.</summary>
    public WireBytes WireBytes => new(_channel.BytesSent, _channel.BytesReceived);

    /// <summary>Connects through all hops and starts SFTP on the last one.</summary>
    /// <param name="hops">The chain.</param>
    /// <param name="settings">How its hops are reached.</param>
    /// <param name="sftpCommand">What speaks SFTP on the last hop; null for its sftp subsystem.</param>
    /// <param name="prompt">Where questions and warnings go.</param>
    /// <param name="report">Told of each hop when all are reached; null when nobody wants to know.</param>
    /// <param name="cancellation">Breaks off at once.</param>
    /// <exception cref="CommandException">A hop failed; the message names it.</exception>
    public static async Task<RemoteSide> ConnectAsync(
        IReadOnlyList<Hop> hops, SshSettings settings, string? sftpCommand, HopPrompt prompt, Action<HopReport>? report, CancellationToken cancellation)
    {
        HopChain? chain = null;
        try
        {
            chain = await HopChain.ConnectAsync(hops, settings, prompt, cancellation).ConfigureAwait(false);
            if (report is not null)
            {
                foreach (HopReport hop in chain.Reports) report(hop);
            }
            return await StartSftpAsync(chain, hops, sftpCommand, settings.ConnectTimeout ?? DefaultAnswerTime, cancellation).ConfigureAwait(false);
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

    private static async Task<RemoteSide> StartSftpAsync(
        HopChain chain, IReadOnlyList<Hop> hops, string? command, TimeSpan limit, CancellationToken cancellation)
    {
        using CancellationTokenSource answer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit > TimeSpan.Zero) answer.CancelAfter(limit);
        try
        {
            SshChannel channel = await (command is null
                ? chain.OpenSubsystemAsync("sftp", answer.Token)
                : chain.OpenCommandAsync(command, answer.Token)).ConfigureAwait(false);
            SftpClient client = await SftpClient.ConnectAsync(channel, null, answer.Token).ConfigureAwait(false);
            return new RemoteSide(chain, channel, new SftpHost(client, chain.TargetUser), hops);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.ConnectTimeout, $"{chain.Target}: its SFTP server does not answer within {limit.TotalSeconds:0.#} s");
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
