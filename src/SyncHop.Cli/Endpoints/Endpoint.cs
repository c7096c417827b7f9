namespace SyncHop.Cli.Endpoints;

/// <summary>A source or the destination: a path on this machine or on a host behind any number of hops.</summary>
/// <param name="Path">The path's bytes as typed, trailing slashes included; empty is the working or home directory.</param>
internal abstract record Endpoint(byte[] Path);

/// <summary>A path on this machine.</summary>
/// <param name="Path">The path's bytes as typed.</param>
internal sealed record LocalEndpoint(byte[] Path) : Endpoint(Path);

/// <summary>A path on another host.</summary>
/// <param name="Hops">The SSH servers in the order they are connected to; the last one is the host that has the path.
/// Empty for <c>:path</c>, the host of the source before.</param>
/// <param name="Path">The path's bytes as typed, relative to the home directory unless it begins with a slash.</param>
internal sealed record RemoteEndpoint(IReadOnlyList<HopAddress> Hops, byte[] Path) : Endpoint(Path);
