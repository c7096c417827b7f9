using SyncHop.Cli.Arguments;
using SyncHop.Engine;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Remote;
using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Running;

/// <summary>One remote side of a run: the hop chain, its channel, and the host with its SFTP session.</summary>
internal sealed class RemoteSide : IGrowingSide, IAsyncDisposable
{
    private readonly HopChain _chain;
    private readonly SftpStarter _starter;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private volatile SshChannel[] _channels;
    private Task _growth = Task.CompletedTask;
    private Action<string>? _tell;
    private int _furtherChannels;

    private RemoteSide(HopChain chain, SftpStarter starter, SshChannel channel, SftpClient client)
    {
        _chain = chain;
        _starter = starter;
        _channels = [channel];
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

    /// <summary>The hop that is known to be lost; null while there is none.</summary>
    public HopException? Broken => _chain.Broken;

    /// <summary>A sentence about the host, with its number and gateway.</summary>
    public string Describe(string sentence) => _chain.Describe(sentence);

    /// <summary>The login name on the final host.</summary>
    public string User => _chain.TargetUser;

    /// <inheritdoc/>
    public int Connections => Math.Max(1, Host.Sessions - _furtherChannels);

    /// <inheritdoc/>
    public long BytesUnderWay => Host.BytesUnderWay;

    /// <inheritdoc/>
    public WireBytes WireBytes => new(_channels.Sum(static channel => channel.BytesSent), _channels.Sum(static channel => channel.BytesReceived));

    /// <summary>Connects through all hops and starts SFTP on the last one.</summary>
    /// <param name="hops">The chain.</param>
    /// <param name="settings">How its hops are reached.</param>
    /// <param name="starter">Starts SFTP.</param>
    /// <param name="prompt">Where questions and warnings go.</param>
    /// <param name="reached">Is told of each hop as soon as it is reached; null when nobody wants to know.</param>
    /// <param name="cancellation">Breaks off at once.</param>
    /// <exception cref="CommandException">A hop failed; the message names it.</exception>
    public static async Task<RemoteSide> ConnectAsync(
        IReadOnlyList<Hop> hops, SshSettings settings, SftpStarter starter, HopPrompt prompt, Action<HopReport>? reached, CancellationToken cancellation)
    {
        HopChain? chain = null;
        try
        {
            chain = await HopChain.ConnectAsync(hops, settings, prompt, cancellation, reached).ConfigureAwait(false);
            (SshChannel channel, SftpClient client) = await starter.StartAsync(chain.First, chain.Target, cancellation).ConfigureAwait(false);
            return new RemoteSide(chain, starter, channel, client);
        }
        catch (Exception failure) when (failure is HopException or SftpConnectionException)
        {
            string server = starter.Command is null ? "" : $"the SFTP server \"{starter.Command}\": ";
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

    /// <summary>Opens further connections while the run goes on.</summary>
    /// <param name="wanted">How many in all; null: as many as help.</param>
    /// <param name="tell">Takes a line about each; null for nobody.</param>
    public void StartGrowing(int? wanted, Action<string>? tell)
    {
        if (wanted == 1) return;
        _tell = tell;
        Host.SessionLost = reason => tell?.Invoke($"a connection to {Name} was lost, its work goes to the others: {reason}");
        ConnectionGrowth growth = new(this);
        _growth = wanted is int count ? growth.ReachAsync(count, _closing.Token) : GrowAsync(growth);
    }

    /// <inheritdoc/>
    public async Task<bool> AddConnectionAsync(string why, CancellationToken cancellation)
    {
        HopSession? session = await _chain.TryOpenSessionAsync(cancellation).ConfigureAwait(false);
        if (session is null)
        {
            _tell?.Invoke($"no more connections to {Name}: {_chain.SessionRefusal}");
            return false;
        }
        try
        {
            await AddSessionAsync(session, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HopException or SftpConnectionException or CommandException)
        {
            await session.DisposeAsync().ConfigureAwait(false);
            _tell?.Invoke($"no more connections to {Name}: {failure.Message}");
            return false;
        }
        _tell?.Invoke($"connection {Connections} to {Name}: {why}");
        return true;
    }

    /// <inheritdoc/>
    public async Task AddChannelAsync(string why, CancellationToken cancellation)
    {
        try
        {
            // Before, so that it is at no time taken for a connection.
            _furtherChannels++;
            await AddSessionAsync(_chain.First, cancellation).ConfigureAwait(false);
            _tell?.Invoke($"one more channel to {Name}: {why}");
        }
        catch (Exception failure) when (failure is HopException or SftpConnectionException or CommandException)
        {
            // Some servers allow one; then connections are what is left.
            _furtherChannels--;
            _tell?.Invoke($"no other channel to {Name}: {failure.Message}");
        }
    }

    private async Task AddSessionAsync(HopSession session, CancellationToken cancellation)
    {
        (SshChannel channel, SftpClient client) = await _starter.StartAsync(session, Name, cancellation).ConfigureAwait(false);
        lock (_lock) _channels = [.. _channels, channel];
        await Host.AddAsync(client, cancellation).ConfigureAwait(false);
    }

    private async Task GrowAsync(ConnectionGrowth growth)
    {
        // Now, that nothing is under way that an answer would have to wait for.
        TimeSpan? roundTrip = await _chain.First.MeasureRoundTripAsync(_closing.Token).ConfigureAwait(false);
        // Where a limit of the user's holds back, no window does.
        Task widening = _starter.Rates is null ? growth.WidenAsync(roundTrip, _closing.Token) : Task.CompletedTask;
        await Task.WhenAll(widening, TellEndAsync()).ConfigureAwait(false);

        async Task TellEndAsync()
        {
            if (await growth.GrowAsync(roundTrip, _closing.Token).ConfigureAwait(false) is { } reason) _tell?.Invoke($"no more connections to {Name}: {reason}");
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
