namespace SyncHop.Cli.Endpoints;

/// <summary>The sources, which are all on one host, and the destination.</summary>
/// <param name="SourceHops">The way to the sources' host; empty: this machine.</param>
/// <param name="Sources">The sources' paths as typed, at least one.</param>
/// <param name="DestinationHops">The way to the destination's host; empty: this machine.</param>
/// <param name="Destination">The destination's path as typed; null when the sources are only listed.</param>
internal sealed record Operands(
    IReadOnlyList<HopAddress> SourceHops,
    IReadOnlyList<byte[]> Sources,
    IReadOnlyList<HopAddress> DestinationHops,
    byte[]? Destination)
{
    /// <summary>Reads the arguments that are not options: <c>SRC... DEST</c>, or one <c>SRC</c> to list.</summary>
    /// <param name="arguments">At least one.</param>
    /// <param name="listOnly">Whether a destination, if there is one, is ignored (<c>--list-only</c>).</param>
    /// <exception cref="CommandException">An argument is empty or malformed, or the sources are on different hosts.</exception>
    public static Operands Parse(IReadOnlyList<string> arguments, bool listOnly)
    {
        if (arguments.Count > 1 && arguments[^1].Length == 0) throw Empty("Empty destination arg specified (use \".\" or see --old-args).");
        int sourceCount = listOnly && IsFurtherSource(arguments) ? arguments.Count : Math.Max(1, arguments.Count - 1);
        IReadOnlyList<HopAddress>? sourceHops = null;
        List<byte[]> sources = [];
        for (int i = 0; i < sourceCount; i++)
        {
            if (arguments[i].Length == 0) throw Empty("Empty source arg specified.");
            Endpoint source = EndpointParser.Parse(arguments[i]);
            sourceHops = sourceHops is null ? FirstHost(source, arguments[i]) : SameHost(sourceHops, source, arguments[i]);
            sources.Add(source.Path);
        }

        if (sourceCount == arguments.Count || listOnly) return new Operands(sourceHops!, sources, [], null);

        string last = arguments[^1];
        Endpoint destination = EndpointParser.Parse(last);
        return new Operands(sourceHops!, sources, FirstHost(destination, last), destination.Path);
    }

    private static CommandException Empty(string message) => new(Engine.ExitCode.Usage, message) { IsNamed = false };

    /// <summary>Whether the last argument, <c>:name</c>, is of the first one's host, and so one more to list: as a destination it would have no host.</summary>
    private static bool IsFurtherSource(IReadOnlyList<string> arguments) =>
        arguments[^1].StartsWith(':') && EndpointParser.Parse(arguments[^1]) is RemoteEndpoint { Hops.Count: 0 }
        && arguments[0].Length > 0 && EndpointParser.Parse(arguments[0]) is RemoteEndpoint { Hops.Count: > 0 };

    /// <summary>The remote ones of some arguments, for a command line that is checked instead of run.</summary>
    /// <param name="arguments">At least one; local ones are passed over.</param>
    /// <returns>All but the last argument are sources; one alone may be either.</returns>
    /// <exception cref="CommandException">None is remote, or one is malformed.</exception>
    public static IReadOnlyList<CheckedEndpoint> RemoteOnes(IReadOnlyList<string> arguments)
    {
        List<CheckedEndpoint> endpoints = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument.Length == 0 || EndpointParser.Parse(argument) is not RemoteEndpoint endpoint) continue;
            IReadOnlyList<HopAddress> hops = endpoint.Hops.Count > 0 || endpoints.Count == 0 ? FirstHost(endpoint, argument) : endpoints[^1].Endpoint.Hops;
            endpoints.Add(new CheckedEndpoint(new RemoteEndpoint(hops, endpoint.Path), IsSource: i < arguments.Count - 1));
        }

        return endpoints.Count > 0
            ? endpoints
            : throw CommandException.Usage($"{arguments[0]}: a local name; a host to check ends with a colon, as in host:");
    }

    private static IReadOnlyList<HopAddress> FirstHost(Endpoint endpoint, string argument) => endpoint switch
    {
        RemoteEndpoint { Hops.Count: 0 } => throw CommandException.Usage($"{argument}: the name of the host is empty"),
        RemoteEndpoint remote => remote.Hops,
        _ => [],
    };

    private static IReadOnlyList<HopAddress> SameHost(IReadOnlyList<HopAddress> first, Endpoint source, string argument)
    {
        IReadOnlyList<HopAddress>? hops = (source as RemoteEndpoint)?.Hops;
        if (first.Count == 0 && hops is not null) throw CommandException.Usage($"Unexpected remote arg: {argument}");
        if (first.Count > 0 && hops is null)
        {
            throw CommandException.Usage(
                $"Unexpected local arg: {argument} (if it is a remote file/dir, prefix it with a colon (:))");
        }

        if (hops is { Count: > 0 } && !hops.SequenceEqual(first))
            throw CommandException.Usage("All source args must come from the same machine.");
        return first;
    }
}
