namespace SyncHop.Ssh.Configuration;

/// <summary>The hops that will really be made.</summary>
internal static class HopPlan
{
    private const int MaximumHops = 32;

    /// <summary>
    /// Resolves every hop. Before the first go the gateways that its ProxyJump names, and theirs, as
    /// <c>ssh -J</c> does; the ProxyJump of later hops does not count, since the way to them is given.
    /// </summary>
    /// <exception cref="HopException">ssh_config is wrong, or its gateways lead in a circle.</exception>
    public static IReadOnlyList<HopSettings> Create(IReadOnlyList<Hop> hops, SshSettings settings)
    {
        var resolver = new ConfigResolver(settings, new ConfigReader(settings).ReadAll());
        var plan = hops.Select(resolver.Resolve).ToList();
        var seen = new HashSet<(string, int, string)>();
        while (plan[0].ProxyJump is { Count: > 0 } gateways)
        {
            HopSettings first = plan[0];
            if (!seen.Add((first.HostName, first.Port, first.User)) || plan.Count > MaximumHops)
                throw HopException.Config($"ProxyJump of {first.Display} leads in a circle");
            plan.InsertRange(0, gateways.Select(resolver.Resolve));
        }

        return plan;
    }
}
