using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Bench;

/// <summary>The SFTP sessions with the final host: the first, and those opened one by one through the same gateways.</summary>
/// <param name="chain">The chain.</param>
/// <param name="first">The first session, which belongs to somebody else.</param>
/// <param name="command">What speaks SFTP; null for the subsystem.</param>
internal sealed class BenchSessions(HopChain chain, SftpClient first, string? command) : IAsyncDisposable
{
    private readonly List<SftpClient> _clients = [first];

    /// <summary>Those that are open.</summary>
    public IReadOnlyList<SftpClient> Open => _clients;

    /// <summary>Why there are no more; null while nobody refused.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Opens more of them.</summary>
    /// <returns>Whether there are as many as are wanted.</returns>
    public async Task<bool> GrowAsync(int wanted, CancellationToken cancellation)
    {
        while (_clients.Count < wanted && Refusal is null)
        {
            HopSession? session = await chain.TryOpenSessionAsync(cancellation).ConfigureAwait(false);
            if (session is null)
            {
                Refusal = chain.SessionRefusal;
                break;
            }
            try
            {
                SshChannel channel = await (command is null
                    ? session.OpenSubsystemAsync("sftp", cancellation)
                    : session.OpenCommandAsync(command, cancellation)).ConfigureAwait(false);
                SftpClient client = await SftpClient.ConnectAsync(channel, null, cancellation).ConfigureAwait(false);
                _clients.Add(client);
                await client.LimitsKnown.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is HopException or SftpConnectionException)
            {
                Refusal = failure.Message;
            }
        }
        return _clients.Count >= wanted;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (SftpClient client in _clients.Skip(1)) await client.DisposeAsync().ConfigureAwait(false);
    }
}
