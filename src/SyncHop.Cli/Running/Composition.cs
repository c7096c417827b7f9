using System.Text;
using SyncHop.Cli.Arguments;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Options;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Local;
using SyncHop.Sftp;
using SyncHop.Ssh;

namespace SyncHop.Cli.Running;

/// <summary>Puts the rooms together: the one place that knows all of them.</summary>
internal static class Composition
{
    /// <summary>Does what the user asked for.</summary>
    /// <exception cref="CommandException">A hop failed before the run began.</exception>
    /// <exception cref="ReplicaLostException">A connection was lost.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<ExitCode> RunAsync(Invocation invocation, IOutput output, TerminalPrompt terminal, CancellationToken cancellation)
    {
        (Operands operands, SyncOptions options, SshOptions ssh) = invocation;
        HopPrompt prompt = new(terminal, AskPass.FromEnvironment(), output, ssh.Batch, options.Quiet, cancellation);
        await using LocalHost local = new();
        Action<HopReport>? report = options.Verbosity >= 2 && !options.Quiet ? hop => Report(hop, output) : null;
        Task<RemoteSide>? source = ConnectAsync(operands.SourceHops, ssh, prompt, report, cancellation);
        // Two chains at once would mix their questions up, and ask about a common gateway twice.
        if (source is not null && prompt.IsInteractive) await ((Task)source).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task<RemoteSide>? destination = source is { IsFaulted: true } ? null : ConnectAsync(operands.DestinationHops, ssh, prompt, report, cancellation);
        await using RemoteSides sides = await RemoteSides.GatherAsync(source, destination).ConfigureAwait(false);

        if (ssh.Compress && sides.Any && options.Verbosity >= 2 && !options.Quiet)
            output.WriteError("synchop: --compress: SSH compresses (zlib) on the final host\n"u8);
        await using StallWatch watch = new(sides, ssh.IoTimeout ?? TimeSpan.Zero, cancellation);
        try
        {
            SyncRequest request = await RequestAsync(operands, options, sides, local, watch.Token).ConfigureAwait(false);
            return await new Synchronizer(request, output).RunAsync(watch.Token).ConfigureAwait(false);
        }
        catch (Exception) when (watch.HasStalled)
        {
            // What the run was doing when it was ended does not matter.
            throw new ReplicaLostException($"io timeout after {ssh.IoTimeout!.Value.TotalSeconds:F0} seconds: nothing came from {sides.Names}", timedOut: true);
        }
        catch (ReplicaLostException lost) when (lost.InnerException is SftpConnectionException { InnerException: not HopException })
        {
            // The hop chain names the hop that broke; the SFTP session does not know whose it is.
            throw new ReplicaLostException($"{sides.Names}: {lost.Message}", lost.TimedOut, lost.InnerException);
        }
    }

    private static async Task<SyncRequest> RequestAsync(
        Operands operands, SyncOptions options, RemoteSides sides, LocalHost local, CancellationToken cancellation)
    {
        IReplicaHost sourceHost = sides.Source is null ? local : sides.Source.Host;
        IReplicaHost destinationHost = sides.Destination is null ? (operands.Destination is null ? sourceHost : local) : sides.Destination.Host;
        List<byte[]> sources = [];
        foreach (byte[] source in operands.Sources) sources.Add(await ExpandAsync(sides.Source, source, cancellation).ConfigureAwait(false));
        return new SyncRequest
        {
            SourceHost = sourceHost,
            Sources = sources,
            DestinationHost = destinationHost,
            Destination = operands.Destination is null ? null : await ExpandAsync(sides.Destination, operands.Destination, cancellation).ConfigureAwait(false),
            SourceName = Encoding.UTF8.GetBytes(sides.Source?.Route ?? ""),
            DestinationName = Encoding.UTF8.GetBytes(sides.Destination?.Route ?? ""),
            Here = local,
            SignatureDirectory = Environment.GetEnvironmentVariable("HOME") is ['/', ..] home
                ? ByteString.Encode(home + "/.cache/synchop/signatures")
                : null,
            Options = options with { Utf8Locale = Locale.IsUtf8 },
            WireBytes = sides.Any ? sides.WireBytes : null,
        };
    }

    private static Task<RemoteSide>? ConnectAsync(
        IReadOnlyList<HopAddress> hops, SshOptions options, HopPrompt prompt, Action<HopReport>? report, CancellationToken cancellation)
    {
        if (hops.Count == 0) return null;
        List<Hop> chain = [.. hops.Select(hop => new Hop(hop.Host, hop.Port, hop.User))];
        if (options.Port is int port && chain[^1].Port is null) chain[^1] = chain[^1] with { Port = port };
        SshSettings settings = new()
        {
            Identities = [.. options.Identities.Select(identity => new Identity(identity.File, identity.Hop))],
            ConfigFile = options.SshConfig ?? options.RemoteShell?.ConfigFile,
            TargetOptions = options.TargetOptions,
            KnownHostsFiles = options.KnownHosts is null ? [] : [options.KnownHosts],
            // Silence while connecting counts as silence too.
            ConnectTimeout = options.ConnectTimeout ?? (options.IoTimeout > TimeSpan.Zero ? options.IoTimeout : null),
            Proxy = options.Proxy,
            GatewayCommands = [.. options.GatewayCommands.Select(option => new GatewayCommand(option.Command, option.Hop))],
        };
        return RemoteSide.ConnectAsync(chain, settings, options.SftpCommand, prompt, report, cancellation);
    }

    private static void Report(HopReport hop, IOutput output) =>
        output.WriteError(Encoding.UTF8.GetBytes(TerminalText.Escape(hop.ToString()) + "\n"));

    private static async ValueTask<byte[]> ExpandAsync(RemoteSide? side, byte[] path, CancellationToken cancellation)
    {
        if (side is null) return path;
        try
        {
            return await side.Host.ExpandAsync(path, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            throw new CommandException(ExitCode.FileSelection, $"cannot expand {ByteString.Decode(path)}: {failure.Reason}");
        }
    }
}
