using System.Text;
using SyncHop.Cli.Arguments;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Running;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Engine.Contract;
using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Checking;

/// <summary><c>--check</c>: goes the way to each endpoint, and says what it meets.</summary>
/// <param name="sides">Connects.</param>
/// <param name="output">Where it is said.</param>
internal sealed class EndpointCheck(SideConnector sides, IOutput output)
{
    private static readonly TimeSpan DefaultAnswerTime = TimeSpan.FromSeconds(30);

    /// <summary>Checks one endpoint after the other; one that fails does not keep the next from being checked.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="mayWrite">Whether writing may be tried, with an empty file that is removed again.</param>
    /// <param name="answerTime">How long the SFTP server may take for all questions; null for a usual time, zero for ever.</param>
    /// <param name="cancellation">Breaks off.</param>
    /// <returns>Ok, or the code of the first endpoint that failed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ExitCode> RunAsync(
        IReadOnlyList<CheckedEndpoint> endpoints, bool mayWrite, TimeSpan? answerTime, CancellationToken cancellation)
    {
        ExitCode code = ExitCode.Ok;
        for (int i = 0; i < endpoints.Count; i++)
        {
            try
            {
                if (i > 0) output.Write("\n"u8);
                await CheckAsync(endpoints[i].Endpoint, endpoints[i].IsSource, mayWrite, answerTime ?? DefaultAnswerTime, cancellation).ConfigureAwait(false);
            }
            catch (CommandException failure)
            {
                output.WriteError(Encoding.UTF8.GetBytes($"synchop: {TerminalText.Escape(failure.Message)}\n"));
                if (code == ExitCode.Ok) code = failure.Code;
            }
        }

        return code;
    }

    private async Task CheckAsync(
        RemoteEndpoint endpoint, bool isSource, bool mayWrite, TimeSpan answerTime, CancellationToken cancellation)
    {
        await using RemoteSide side = await sides.ConnectAsync(endpoint.Hops, hop => Say(CheckText.Of(hop)), cancellation).ConfigureAwait(false);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (answerTime > TimeSpan.Zero) limit.CancelAfter(answerTime);
        try
        {
            await AskAsync(side, endpoint.Path, isSource, mayWrite, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.ConnectTimeout, $"{side.Name}: its SFTP server does not answer within {answerTime.TotalSeconds:0.#} s");
        }
        catch (SftpConnectionException e)
        {
            throw new CommandException(ExitCode.StreamIo, e.InnerException is HopException hop ? hop.Message : $"{side.Name}: {e.Message}");
        }
    }

    private async Task AskAsync(RemoteSide side, byte[] typed, bool isSource, bool mayWrite, CancellationToken cancellation)
    {
        SftpClient client = side.Client;
        await client.LimitsKnown.WaitAsync(cancellation).ConfigureAwait(false);
        Say(CheckText.Of(client));
        byte[] path = await side.ExpandAsync(typed, cancellation).ConfigureAwait(false);
        PathFacts facts = await PathProbe.LookAsync(client, path, isSource, mayWrite, cancellation).ConfigureAwait(false);
        string name = ByteString.Decode(path.Length == 0 ? "."u8 : path);
        SftpFileSystemInfo? space = null;
        try
        {
            byte[] home = await client.RealPathAsync("."u8.ToArray(), cancellation).ConfigureAwait(false);
            if (name[0] != '/') name += $" in {ByteString.Decode(home)}";
            byte[] there = facts.Kind is null ? PathProbe.ParentOf(path) : path.Length == 0 ? "."u8.ToArray() : path;
            if (client.Supports(SftpExtension.StatVfs)) space = await client.StatVfsAsync(there, cancellation).ConfigureAwait(false);
        }
        catch (SftpException)
        {
            // Then neither is said.
        }

        Say(CheckText.Of(name, facts, space, ArchiveLosses.Of(client.Supports, facts.Uid, side.User)));
        if (facts.IsMissingSource)
            throw new CommandException(ExitCode.Partial, $"{side.Name}: the source {ByteString.Decode(path)} does not exist");
    }

    // Names and versions are the servers': each line is made safe by itself.
    private void Say(string text) => output.Write(Encoding.UTF8.GetBytes(
        string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => TerminalText.Escape(line) + "\n"))));
}
