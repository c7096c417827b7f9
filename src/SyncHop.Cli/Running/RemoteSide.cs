using System.IO.Pipelines;
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

    // The window of the connection's channel twice: what its copies take in memory until they are acknowledged.
    private const long BytesInFlight = 4 << 20;

    private readonly HopChain _chain;
    private readonly string? _sftpCommand;
    private readonly (RateLimit Sending, RateLimit Receiving)? _rates;
    private readonly TimeSpan _answerTime;
    private readonly CancellationTokenSource _closing = new();
    private volatile SshChannel[] _channels;
    private Task _growth = Task.CompletedTask;

    private RemoteSide(HopChain chain, SshChannel channel, SftpClient client, string? sftpCommand,
        (RateLimit Sending, RateLimit Receiving)? rates, TimeSpan answerTime)
    {
        _chain = chain;
        _channels = [channel];
        _sftpCommand = sftpCommand;
        _rates = rates;
        _answerTime = answerTime;
        Client = client;
        Host = new SftpHost(client, chain.TargetUser);
    }

    /// <summary>The SFTP session.</summary>
    public SftpClient Client { get; }

    /// <summary>The final host.</summary>
    public SftpHost Host { get; }

    /// <summary>The final host's name.</summary>
    public string Name => _chain.Target;

    /// <summary>The login name on the final host.</summary>
    public string User => _chain.TargetUser;

    /// <summary>Bytes sent and received so far.</summary>
    public WireBytes WireBytes => new(_channels.Sum(static channel => channel.BytesSent), _channels.Sum(static channel => channel.BytesReceived));

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
        HopChain chain, string? command, (RateLimit Sending, RateLimit Receiving)? rates, TimeSpan limit, CancellationToken cancellation)
    {
        (SshChannel channel, SftpClient client) = await StartSftpAsync(chain, chain.First, command, rates, limit, null, cancellation).ConfigureAwait(false);
        return new RemoteSide(chain, channel, client, command, rates, limit);
    }

    private static async Task<(SshChannel Channel, SftpClient Client)> StartSftpAsync(
        HopChain chain, HopSession session, string? command, (RateLimit Sending, RateLimit Receiving)? rates, TimeSpan limit,
        SftpClientOptions? options, CancellationToken cancellation)
    {
        using CancellationTokenSource answer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit > TimeSpan.Zero) answer.CancelAfter(limit);
        try
        {
            SshChannel channel = await (command is null
                ? session.OpenSubsystemAsync("sftp", answer.Token)
                : session.OpenCommandAsync(command, answer.Token)).ConfigureAwait(false);
            IDuplexPipe pipe = rates is { } limits ? new ThrottledChannel(channel, limits) : channel;
            return (channel, await SftpClient.ConnectAsync(pipe, options, answer.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.ConnectTimeout, $"{chain.Target}: its SFTP server does not answer within {limit.TotalSeconds:0.#} s");
        }
    }

    /// <summary>Opens further connections while the run goes on.</summary>
    /// <param name="wanted">How many in all; null: as many as help.</param>
    /// <param name="tell">Takes a line about each; null for nobody.</param>
    public void StartGrowing(int? wanted, Action<string>? tell)
    {
        ConnectionGrowth growth = new(cancellation => AddConnectionAsync(tell, cancellation), () => WireBytes, () => Host.Sessions);
        _growth = wanted is int count
            ? growth.ReachAsync(count, _closing.Token)
            : growth.GrowAsync(_chain.First.MeasureRoundTripAsync, _closing.Token);
    }

    private async Task<bool> AddConnectionAsync(Action<string>? tell, CancellationToken cancellation)
    {
        HopSession? session = await _chain.TryOpenSessionAsync(cancellation).ConfigureAwait(false);
        if (session is null)
        {
            tell?.Invoke($"no more connections to {Name}: {_chain.SessionRefusal}");
            return false;
        }
        try
        {
            (SshChannel channel, SftpClient client) = await StartSftpAsync(
                _chain, session, _sftpCommand, _rates, _answerTime, new SftpClientOptions { MaxWriteBytesInFlight = BytesInFlight }, cancellation).ConfigureAwait(false);
            _channels = [.. _channels, channel];
            await Host.AddAsync(client).ConfigureAwait(false);
            tell?.Invoke($"connection {Host.Sessions} to {Name}");
            return true;
        }
        catch (Exception failure) when (failure is HopException or SftpConnectionException or CommandException)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            tell?.Invoke($"no more connections to {Name}: {failure.Message}");
            return false;
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
            throw new CommandException(ExitCode.FileSelection, $"cannot expand {ByteString.Decode(path)}: {failure.Reason}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        // A connection that fails or is cancelled while it is opened is nobody's concern any more; a lost chain tells the run.
        await _growth.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
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
