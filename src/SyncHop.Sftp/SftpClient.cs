using System.Diagnostics;
using System.IO.Pipelines;

namespace SyncHop.Sftp;

/// <summary>
/// An SFTP version 3 client with OpenSSH's extensions on one duplex byte channel. Every call queues its request at
/// once, in the order of the calls, and any number may be outstanding: what one can do without the other's reply
/// goes out in one burst. All members may be used from any thread.
/// </summary>
/// <remarks>
/// <para>Paths and names are raw bytes. A request copies its path, so the caller's memory is free when the call returns;
/// buffers of <see cref="ReadAsync"/> and the writes are lent until their task completes, cancelled or not.</para>
/// <para>Every request fails with <see cref="SftpException"/> if the server refuses it, with
/// <see cref="SftpConnectionException"/> if the connection fails, and with <see cref="OperationCanceledException"/>
/// if its token is cancelled. A cancelled request may still take effect on the server.</para>
/// <para>Await each returned task once. The client has no time-out of its own.</para>
/// </remarks>
public sealed partial class SftpClient : IAsyncDisposable
{
    private readonly Connection _connection;
    private readonly HashSet<(string Name, string Version)> _supported;
    private readonly RequestPool<StatusRequest> _statusRequests = new(static pool => new StatusRequest(pool));
    private readonly RequestPool<WriteRequest> _writeRequests = new(static pool => new WriteRequest(pool));
    private readonly RequestPool<ReadRequest> _readRequests = new(static pool => new ReadRequest(pool));
    private readonly RequestPool<HandleRequest> _handleRequests;
    private readonly RequestPool<CloseRequest> _closeRequests;
    private readonly RequestPool<AttributesRequest> _attributesRequests = new(static pool => new AttributesRequest(pool));
    private readonly RequestPool<PathRequest> _pathRequests = new(static pool => new PathRequest(pool));
    private readonly RequestPool<ReadDirectoryRequest> _readDirectoryRequests =
        new(static pool => new ReadDirectoryRequest(pool));
    private readonly RequestPool<FileSystemRequest> _fileSystemRequests = new(static pool => new FileSystemRequest(pool));
    private readonly RequestPool<NamesByIdRequest> _namesByIdRequests = new(static pool => new NamesByIdRequest(pool));
    private readonly RequestPool<CheckFileRequest> _checkFileRequests = new(static pool => new CheckFileRequest(pool));
    private readonly RequestPool<LimitsRequest> _limitsRequests;
    private SftpLimits _limits = SftpLimits.Conservative;

    private SftpClient(Connection connection, IReadOnlyList<KeyValuePair<string, string>> extensions)
    {
        _connection = connection;
        _handleRequests = new(pool => new HandleRequest(pool, handle => CloseOrphan(handle, follows: false)));
        _closeRequests = new(pool => new CloseRequest(pool, handle => CloseOrphan(handle, follows: true)));
        _limitsRequests = new(pool => new LimitsRequest(pool, limits => Volatile.Write(ref _limits, limits)));
        Extensions = extensions;
        _supported = [.. extensions.Select(static extension => (extension.Key, extension.Value))];
        LimitsKnown = Task.CompletedTask;
    }

    /// <summary>What the server announced, name and version data, made safe to print; a name may occur more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extensions { get; }

    /// <summary>
    /// Sizes to keep to. Conservative until the server's own have arrived, which <see cref="ConnectAsync"/> asks for
    /// without waiting. Servers answer in order, so they are known as soon as any request has been answered.
    /// </summary>
    public SftpLimits Limits => Volatile.Read(ref _limits);

    /// <summary>Completes, never with a failure, when <see cref="Limits"/> will not change any more.</summary>
    public Task LimitsKnown { get; private set; }

    /// <summary>How long the server took for the first answer: a round trip and its start.</summary>
    public TimeSpan FirstAnswerTime { get; private init; }

    /// <summary>Counts of what went through this client.</summary>
    public SftpStatistics Statistics => _connection.Counters.Snapshot();

    /// <summary>
    /// Starts the protocol on <paramref name="channel"/>, which then belongs to the client, also if this fails.
    /// It takes one round trip.
    /// </summary>
    /// <exception cref="SftpProtocolException">The other side does not speak SFTP version 3.</exception>
    /// <exception cref="SftpConnectionLostException">The channel ended or failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the server answered.</exception>
    public static async Task<SftpClient> ConnectAsync(
        IDuplexPipe channel, SftpClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        options ??= new SftpClientOptions();
        options.Validate();
        var connection = new Connection(channel, options.MaxRequestsInFlight, options.MaxWriteBytesInFlight);
        try
        {
            long asked = Stopwatch.GetTimestamp();
            var extensions = await Handshake.RunAsync(channel, connection.Counters, cancellationToken).ConfigureAwait(false);
            connection.Start();
            var client = new SftpClient(connection, extensions) { FirstAnswerTime = Stopwatch.GetElapsedTime(asked) };
            if (client.Supports(SftpExtension.Limits))
                client.LimitsKnown = client.AskLimitsAsync();
            return client;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (e is SftpConnectionException or OperationCanceledException)
                throw;
            throw new SftpConnectionLostException($"the channel to the SFTP server failed: {e.Message}", e);
        }
    }

    /// <summary>The server announced <paramref name="extension"/> in the version that this client speaks.</summary>
    public bool Supports(SftpExtension extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        return _supported.Contains((extension.Name, extension.Version));
    }

    /// <summary>Fails what is outstanding with <see cref="SftpConnectionLostException"/> and completes the channel at once.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task AskLimitsAsync()
    {
        LimitsRequest request = _limitsRequests.Rent("limits@openssh.com");
        request.Packet.BeginExtended(SftpExtension.Limits);
        try
        {
            await Submit(request, default).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Refused: the conservative limits stay. Connection failed: every other request tells.
        }
    }

    /// <summary>Queues a request whose packet has been encoded.</summary>
    private ValueTask<TResult> Submit<TResult>(SftpRequest<TResult> request, CancellationToken cancellation)
    {
        if (Reject(request, cancellation) is { } error)
            return ValueTask.FromException<TResult>(error);
        request.Start(detached: false, cancellation);
        ValueTask<TResult> reply = request.Reply;
        _connection.Submit(request);
        return reply;
    }

    /// <summary>Queues a request that has no result.</summary>
    private ValueTask Submit(StatusRequest request, CancellationToken cancellation)
    {
        if (Reject(request, cancellation) is { } error)
            return ValueTask.FromException(error);
        request.Start(detached: false, cancellation);
        ValueTask done = request.Done;
        _connection.Submit(request);
        return done;
    }

    /// <summary>Why a request cannot be sent, or null.</summary>
    private Exception? Reject(SftpRequest request, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return new OperationCanceledException(cancellation);
        if (request.Packet.HasNulInPath)
            return request.Refusal(SftpStatusCode.BadMessage, "the path holds a NUL byte");
        // A server may end the session on a packet that is too long for it.
        if (request.Packet.Length > Limits.PacketLength)
            return request.Refusal(SftpStatusCode.BadMessage, "the request is too long for the server");
        return null;
    }

    /// <summary>An exception for an extension that the server does not have, or null.</summary>
    private SftpException? Missing(SftpExtension extension, ReadOnlyMemory<byte> path = default) => Supports(extension)
        ? null
        : new SftpException(SftpStatusCode.Unsupported, "the server does not offer it", extension.Name, path.ToArray());
}
