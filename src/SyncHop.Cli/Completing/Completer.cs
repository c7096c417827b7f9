using SyncHop.Cli.Arguments;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Running;
using SyncHop.Engine;
using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Completing;

/// <summary>Finds what a word on the command line may become.</summary>
/// <param name="connector">Knows the hosts and connects to them.</param>
internal sealed class Completer(SideConnector connector)
{
    /// <summary>A user waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The whole words that the word may become; a directory ends with a slash, a host with a colon.</summary>
    /// <exception cref="CommandException">A hop failed, or the files cannot be listed.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(CompletionRequest request, CancellationToken cancellation)
    {
        if (request.Path is null) return Hosts(request);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await PathsAsync(request.Word, request.Path, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.ConnectTimeout, $"{request.Word}: no answer within {Patience.TotalSeconds:0} s");
        }
        catch (IOException failure) when (failure is SftpException or SftpConnectionException)
        {
            throw new CommandException(ExitCode.FileSelection, $"{request.Word}: {failure.Message}");
        }
    }

    private List<string> Hosts(CompletionRequest request)
    {
        int comma = request.Word.LastIndexOf(',');
        string last = request.Word[(comma + 1)..];
        if (last.AsSpan().ContainsAny('/', ':')) return [];
        string before = request.Word[..(comma + 1 + last.LastIndexOf('@') + 1)];
        string after = request.Kind == CompletionKind.Operand ? ":" : "";
        try
        {
            return [.. connector.HostNames().Select(name => before + name + after).Where(word => word.StartsWith(request.Word, StringComparison.Ordinal))];
        }
        catch (HopException e)
        {
            throw CommandException.Usage(e.Message);
        }
    }

    private async Task<IReadOnlyList<string>> PathsAsync(string word, RemoteEndpoint endpoint, CancellationToken cancellation)
    {
        string path = ByteString.Decode(endpoint.Path);
        string host = word[..^path.Length];
        int slash = path.LastIndexOf('/');
        if (slash < 0 && path is ['~', ..]) return path == "~" ? [word + "/"] : [];
        string directory = path[..(slash + 1)];
        await using RemoteSide side = await connector.ConnectAsync(endpoint.Hops, reached: null, cancellation).ConfigureAwait(false);
        byte[] there = await side.ExpandAsync(ByteString.Encode(directory), cancellation).ConfigureAwait(false);
        IReadOnlyList<byte[]> names = await RemoteNames.ListAsync(side.Client, there, ByteString.Encode(path.AsSpan(slash + 1)), cancellation).ConfigureAwait(false);
        return [.. names.Select(name => host + directory + ByteString.Decode(name))];
    }
}
