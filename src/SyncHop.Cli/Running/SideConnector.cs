using System.Text;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Options;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Ssh;
using SyncHop.Ssh.Authentication;

namespace SyncHop.Cli.Running;

/// <summary>Connects the remote sides of a run, one after the other: a key is unlocked once for all of them.</summary>
/// <param name="options">How hosts are reached.</param>
/// <param name="prompt">Where questions and warnings go.</param>
/// <param name="output">Where the log goes.</param>
/// <param name="verbosity">From 3 on SSH.NET's log is shown.</param>
internal sealed class SideConnector(SshOptions options, HopPrompt prompt, IOutput output, int verbosity)
{
    private readonly SshSettings _settings = new()
    {
        Identities = [.. options.Identities.Select(identity => new Identity(identity.File, identity.Hop))],
        ConfigFile = options.SshConfig ?? options.RemoteShell?.ConfigFile,
        TargetOptions = options.TargetOptions,
        KnownHostsFiles = options.KnownHosts is null ? [] : [options.KnownHosts],
        // Silence while connecting counts as silence too.
        ConnectTimeout = options.ConnectTimeout ?? (options.IoTimeout > TimeSpan.Zero ? options.IoTimeout : null),
        Proxy = options.Proxy,
        GatewayCommands = [.. options.GatewayCommands.Select(option => new GatewayCommand(option.Command, option.Hop))],
        Keys = new KeyStore(),
        MeasuresRoundTrips = options.Check || options.Bench,
        RoundTripQuestions = options.Bench ? 20 : 3,
        Log = verbosity >= 3 ? line => WriteError(output, line) : null,
    };

    /// <summary>How fast bytes may go either way, over all sides together; null for no limit.</summary>
    public (RateLimit Sending, RateLimit Receiving)? Rates { get; init; }

    /// <summary>Bytes of file content that are sent and not acknowledged, over each connection; null for the default.</summary>
    public long? BytesInFlight { get; init; }

    /// <summary>Bytes of memory that the list of one directory may take; null for the default.</summary>
    public long? ListingBytes { get; init; }

    private SftpStarter Starter => new()
    {
        Command = options.SftpCommand,
        Rates = Rates,
        AnswerTime = _settings.ConnectTimeout,
        BytesInFlight = BytesInFlight ?? new SftpStarter().BytesInFlight,
    };

    /// <summary>Connects to a host.</summary>
    /// <param name="hops">The chain, at least one.</param>
    /// <param name="reached">Is told of each hop as soon as it is reached; null when nobody wants to know.</param>
    /// <param name="cancellation">Breaks off at once.</param>
    /// <exception cref="CommandException">A hop failed; the message names it.</exception>
    public async Task<RemoteSide> ConnectAsync(IReadOnlyList<HopAddress> hops, Action<HopReport>? reached, CancellationToken cancellation)
    {
        RemoteSide side = await RemoteSide.ConnectAsync(Chain(hops), _settings, Starter, prompt, reached, cancellation).ConfigureAwait(false);
        if (ListingBytes is { } bytes) side.Host.ListingBytes = bytes;
        return side;
    }

    /// <summary>The hosts that the configuration names (<see cref="HostNames.Find"/>).</summary>
    /// <exception cref="HopException">ssh_config is wrong.</exception>
    public IReadOnlyList<string> HostNames() => SyncHop.Ssh.HostNames.Find(_settings);

    /// <summary>Refuses options for a hop that is on none of the ways.</summary>
    /// <param name="ways">The chains that will be connected; empty ones are no ways.</param>
    /// <exception cref="CommandException">A hop does not exist, or ssh_config is wrong.</exception>
    public void VerifyHopNames(params IReadOnlyList<IReadOnlyList<HopAddress>> ways)
    {
        List<string> keys = [.. options.Identities.Select(identity => identity.Hop).OfType<string>()];
        List<string> commands = [.. options.GatewayCommands.Select(command => command.Hop).OfType<string>()];
        if (keys.Count + commands.Count == 0) return;
        List<Hop> hops = [], gateways = [];
        foreach (IReadOnlyList<HopAddress> way in ways)
        {
            if (way.Count == 0) continue;
            IReadOnlyList<Hop> route;
            try
            {
                route = HopChain.RouteTo(Chain(way), _settings);
            }
            catch (HopException e)
            {
                throw CommandException.Usage(e.Message);
            }

            hops.AddRange(route);
            gateways.AddRange(route.SkipLast(1));
        }

        foreach (string name in keys) Verify("--identity", name, hops, "hop", "hops");
        foreach (string name in commands) Verify("--gateway-command", name, gateways, "gateway", "gateways");
    }

    private static void Verify(string option, string name, List<Hop> among, string what, string many)
    {
        if (among.Exists(hop => hop.IsCalled(name))) return;
        string existing = among.Count == 0 ? $"there are no {many}" : $"the {many} are {string.Join(", ", among.Select(hop => hop.Host).Distinct())}";
        throw CommandException.Usage($"{option}={name}=: there is no {what} of this name; {existing}");
    }

    /// <summary>Writes a line on standard error; what servers sent is escaped.</summary>
    public static void WriteError(IOutput output, string line) =>
        output.WriteError(Encoding.UTF8.GetBytes(TerminalText.Escape(line) + "\n"));

    private List<Hop> Chain(IReadOnlyList<HopAddress> hops)
    {
        List<Hop> chain = [.. hops.Select(hop => new Hop(hop.Host, hop.Port, hop.User))];
        if (options.Port is int port && chain[^1].Port is null) chain[^1] = chain[^1] with { Port = port };
        return chain;
    }
}
