using System.Globalization;

namespace SyncHop.Cli.Endpoints;

/// <summary>One SSH server on the way to a host, or the host itself, as the user wrote it.</summary>
/// <param name="Host">A name, an IPv4 or an IPv6 address (without brackets), never empty.</param>
/// <param name="Port">1..65535; null where none was written.</param>
/// <param name="User">The user's name; null where none was written.</param>
internal sealed record HopAddress(string Host, int? Port = null, string? User = null)
{
    /// <summary>The address as it is written on the command line: <c>user@host:port</c>, IPv6 in brackets.</summary>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        if (User is not null) host = $"{User}@{host}";
        return Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{host}:{port}") : host;
    }
}
