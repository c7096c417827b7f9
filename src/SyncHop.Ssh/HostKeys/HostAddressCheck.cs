using System.Net;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.HostKeys;

/// <summary>CheckHostIP of ssh_config(5): the key of a host that was reached directly is known for its address as well.</summary>
internal static class HostAddressCheck
{
    /// <summary>Whether there is an address to check: not for loopback, nor where the name is the address, as in ssh.</summary>
    public static bool Applies(HopSettings hop, IPAddress? address) =>
        hop.CheckHostIP && address is not null && !IPAddress.IsLoopback(address) && address.ToString() != hop.HostName;

    /// <summary>Judges the key of a host whose name has vouched for it.</summary>
    /// <param name="known">The known hosts.</param>
    /// <param name="hop">The hop.</param>
    /// <param name="address">The address it was reached at.</param>
    /// <param name="key">Its key.</param>
    /// <param name="prompt">Is told of a difference, and asked about it.</param>
    /// <param name="remember">Adds the key for the address.</param>
    /// <returns>Null when the connection may go on.</returns>
    public static string? Refusal(
        KnownHosts known, HopSettings hop, IPAddress address, byte[] key, IUserPrompt prompt, Action<string> remember)
    {
        (HostKeyStatus status, IReadOnlyList<KnownHostsEntry> lines) = known.Check(address.ToString(), hop.Port, key);
        if (status == HostKeyStatus.Known) return null;
        if (status == HostKeyStatus.Revoked) return $"host key is revoked for the address {address} by {lines[0].Place}";
        if (status == HostKeyStatus.Unknown)
        {
            if (hop.UnknownHostKey != UnknownHostKey.Refuse) remember(KnownHostsEntry.NameOf(address.ToString(), hop.Port));
            return null;
        }

        string warning = $"the host key of {Printable.Line(hop.HostKeyName)} differs from the one for its address {address} in {lines[0].Place}";
        prompt.Warn("WARNING: " + warning);
        if (hop.UnknownHostKey is UnknownHostKey.Accept or UnknownHostKey.AcceptAll) return null;
        bool goesOn = hop.UnknownHostKey == UnknownHostKey.Ask && prompt.IsInteractive
            && string.Equals(prompt.Ask("Are you sure you want to continue connecting (yes/no)? ")?.Trim(), "yes", StringComparison.OrdinalIgnoreCase);
        return goesOn ? null : warning;
    }
}
