namespace SyncHop.Ssh.Configuration;

/// <summary>The hops that will really be made.</summary>
internal static class HopPlan
{
    private const int MaximumHops = 32;

    /// <summary>
    /// Resolves every hop. Before the first go the gateways of a ProxyJump on the command line; then those that the
    /// ProxyJump of the now first hop names, and theirs, as <c>ssh -J</c> does. The ProxyJump and the ProxyCommand of
    /// later hops do not count, since the way to them is given.
    /// </summary>
    /// <param name="hops">The hops as typed, at least one.</param>
    /// <param name="settings">What holds for all hops.</param>
    /// <param name="warn">Is told what ssh_config asks for in vain.</param>
    /// <exception cref="HopException">ssh_config is wrong, or its gateways lead in a circle.</exception>
    public static IReadOnlyList<HopSettings> Create(
        IReadOnlyList<Hop> hops, SshSettings settings, Action<string> warn)
    {
        var reader = new ConfigReader(settings);
        IReadOnlyList<ConfigLine> options = reader.ReadOptions();
        var resolver = new ConfigResolver(settings, options, reader.ReadAll(), warn);
        if (hops.Count > 1) hops = [.. TypedGateways(options), .. hops];

        var plan = hops.Select((hop, i) => resolver.Resolve(hop, isTarget: i == hops.Count - 1)).ToList();
        var seen = new HashSet<(string, int, string)>();
        while (plan[0].ProxyJump is { Count: > 0 } gateways)
        {
            HopSettings first = plan[0];
            if (!seen.Add((first.HostName, first.Port, first.User)) || plan.Count > MaximumHops)
                throw HopException.Config($"ProxyJump of {first.Display} leads in a circle");
            plan.InsertRange(0, gateways.Select(gateway => resolver.Resolve(gateway, isTarget: false)));
        }

        return plan;
    }

    // With hops typed before it, the final host's ProxyJump would not count; but one on the command line is no less
    // typed than they are.
    private static IReadOnlyList<Hop> TypedGateways(IReadOnlyList<ConfigLine> options)
    {
        ConfigLine? first = options.FirstOrDefault(line => line.Keyword is "proxyjump" or "proxycommand");
        if (first is null) return [];
        if (first.Keyword == "proxyjump") return ConfigValue.Jump(first);
        return first.Rest.Equals("none", StringComparison.OrdinalIgnoreCase)
            ? []
            : throw first.Error("a ProxyCommand and gateways before the host are two ways to it; give one of them");
    }
}
