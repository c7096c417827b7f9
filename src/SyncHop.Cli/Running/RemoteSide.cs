using SyncHop.Cli.Arguments;
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

    private RemoteSide(HopChain chain, SshChannel channel, SftpClient client)
    {
        _chain = chain;
        _channel = channel;
        Client = client;
        Host = new SftpHost(client, chain.TargetUser);
    }

    /// <summary>The hop chain.</summary>
    public HopChain Chain => _chain;

    /// <summary>The SFTP session.</summary>
    public SftpClient Client { get; }

    /// <summary>The final host.</summary>
    public SftpHost Host { get; }

    /// <summary>The final host's name.</summary>
    public string Name => _chain.Target;

    /// <summary>The login name on the final host.</summary>
    public string User => _chain.TargetUser;

    /// <summary>Bytes sent and received so far.</summary>
    public WireBytes WireBytes => new(_channel.BytesSent, _channel.BytesReceived);

    /// <summary>Connects through all hops and starts SFTP on the last one.</summary>
    /// <param name="hops">The chain.</param>
    /// <param name="settings">How its hops are reached.</param>
    /// <param name="sftpCommand">What speaks SFTP on the last hop; null for its sftp subsystem.</param>
    /// <param name="rates">How fast bytes may go either way; null for no limit.</param>
    /// <param name="prompt">Where questions and warnings go.</param>
    /// <param name="reached">Is told of each hop as soon as it is reached; null when nobody wants to know.</param>
    /// <param name="cancellation">Breaks off at once.</param>
    /// <exception cref="CommandException">A hop failed; the message names it.</exception>
    public static async Task<RemoteSide> ConnectAsync(
        IReadOnlyList<Hop> hops, SshSettings settings, string? sftpCommand, (RateLimit Sending, RateLimit Receiving)? rates, HopPrompt prompt, Action<HopReport>? reached, CancellationToken cancellation)
    {
        HopChain? chain = null;
        try
        {
            chain = await HopChain.ConnectAsync(hops, settings, prompt, cancellation, reached).ConfigureAwait(false);
            return await StartSftpAsync(chain, sftpCommand, rates, settings.ConnectTimeout ?? DefaultAnswerTime, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HopException or SftpConnectionException)
        {
            string server = sftpCommand is null ? "" : $"the SFTP server \"{sftpCommand}\": ";
            string message = chain?.Describe(server + failure.Message) ?? $"{hops[^1].Host}: {failure.Message}";
            if (chain is not null) await chain.DisposeAsync().ConfigureAwait(false);
            HopException? hop = failure as HopException ?? failure.InnerException as HopException;
            throw hop is null
                ? new CommandException(failure is SftpProtocolException ? ExitCode.Protocol : ExitCode.StartClient, message)
                : new CommandException(CodeOf(hop.Kind), hop.Message);
        }
        catch
        {
            if (chain is not null) await chain.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<RemoteSide> StartSftpAsync(
        HopChain chain, string? command, (RateLimit Sending, RateLimit Receiving)? rates, TimeSpan limit, CancellationToken cancellation)
    {
        using CancellationTokenSource answer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit > TimeSpan.Zero) answer.CancelAfter(limit);
        try
        {
            SshChannel channel = await (command is null
                ? chain.OpenSubsystemAsync("sftp", answer.Token)
                : chain.OpenCommandAsync(command, answer.Token)).ConfigureAwait(false);
            SftpClient client = await SftpClient.ConnectAsync(rates is { } limits ? new ThrottledChannel(channel, limits) : channel, null, answer.Token).ConfigureAwait(false);
            return new RemoteSide(chain, channel, client);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.ConnectTimeout, $"{chain.Target}: its SFTP server does not answer within {limit.TotalSeconds:0.#} s");
        }
    }

    /// <summary>Replaces a leading <c>~</c> or <c>~user</c>.</summary>
    /// <exception cref="CommandException">The server cannot tell the user's home directory.</exception>
    public async ValueTask<byte[]> ExpandAsync(byte[] path, CancellationToken cancellation)
    {
        try
        {
            return await Host.ExpandAsync(path, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            throw new CommandException(ExitCode.FileSelection, $"{Name}: cannot expand {ByteString.Decode(path)}: {failure.Reason}");
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
