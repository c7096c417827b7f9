using System.IO.Pipelines;
using SyncHop.Engine;
using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Running;

/// <summary>Starts SFTP in sessions with the final host of a chain, in each of them alike.</summary>
internal sealed class SftpStarter
{
    private static readonly TimeSpan s_defaultAnswerTime = TimeSpan.FromSeconds(30);

    /// <summary>What speaks SFTP there; null for the sftp subsystem.</summary>
    public string? Command { get; init; }

    /// <summary>How fast bytes may go either way, over all sides and sessions together; null for no limit.</summary>
    public (RateLimit Sending, RateLimit Receiving)? Rates { get; init; }

    /// <summary>How long the server may take to answer; zero for no limit, null for the default.</summary>
    public TimeSpan? AnswerTime { get; init; }

    /// <summary>Bytes of file content that are sent and not acknowledged, in each session.</summary>
    public long BytesInFlight { get; init; } = new SftpClientOptions().MaxWriteBytesInFlight;

    /// <summary>Starts SFTP.</summary>
    /// <param name="session">Where.</param>
    /// <param name="target">The final host's name, for messages.</param>
    /// <param name="cancellation">Breaks off at once.</param>
    /// <exception cref="HopException">The host refuses, or was lost.</exception>
    /// <exception cref="SftpConnectionException">It does not speak SFTP.</exception>
    /// <exception cref="CommandException">It does not answer in time.</exception>
    public async Task<(SshChannel Channel, SftpClient Client)> StartAsync(HopSession session, string target, CancellationToken cancellation)
    {
        TimeSpan limit = AnswerTime ?? s_defaultAnswerTime;
        using CancellationTokenSource answer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit > TimeSpan.Zero) answer.CancelAfter(limit);
        SshChannel? channel = null;
        try
        {
            // The protocol's first packet goes out with the request for the program.
            channel = await (Command is null
                ? session.OpenSubsystemAsync("sftp", awaitsAnswer: false, answer.Token)
                : session.OpenCommandAsync(Command, awaitsAnswer: false, answer.Token)).ConfigureAwait(false);
            IDuplexPipe pipe = Rates is { } limits ? new ThrottledChannel(channel, limits) : channel;
            SftpClientOptions options = new() { MaxWriteBytesInFlight = BytesInFlight };
            return (channel, await SftpClient.ConnectAsync(pipe, options, answer.Token).ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || cancellation.IsCancellationRequested)
        {
            if (channel is not null) await channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        catch (OperationCanceledException)
        {
            if (channel is not null) await channel.DisposeAsync().ConfigureAwait(false);
            throw new CommandException(ExitCode.ConnectTimeout, $"{target}: its SFTP server does not answer within {limit.TotalSeconds:0.#} s");
        }
    }
}
