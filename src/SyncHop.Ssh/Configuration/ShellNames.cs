namespace SyncHop.Ssh.Configuration;

/// <summary>
/// The names of hosts and users that may be typed: they become part of the commands of Match exec and ProxyCommand. OpenSSH
/// refuses the others since 9.6 (CVE-2023-51385), whether or not there is a command.
/// </summary>
internal static class ShellNames
{
    private const string NotInUsers = "'`\";&<>|(){}";
    private const string NotInHosts = NotInUsers + "$\\,";

    /// <summary>Whether a shell would take the name of a host as a plain word.</summary>
    public static bool IsHost(string name) =>
        !name.StartsWith('-') && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || NotInHosts.Contains(c, StringComparison.Ordinal));

    /// <summary>Whether the name of a user cannot begin a command or an option. <c>DOMAIN\user</c> is one.</summary>
    public static bool IsUser(string name) =>
        !name.StartsWith('-') && !name.EndsWith('\\')
        && !name.Any(c => char.IsControl(c) || NotInUsers.Contains(c, StringComparison.Ordinal))
        && !name.Zip(name.Skip(1), (c, next) => char.IsWhiteSpace(c) && next == '-').Any(isOption => isOption);

    /// <summary>Refuses a hop with other names.</summary>
    /// <exception cref="HopException">It has one.</exception>
    public static void Require(Hop hop)
    {
        if (!IsHost(hop.Host)) throw HopException.Config($"the host name \"{Printable.Line(hop.Host)}\" has characters that mean something to a shell");
        if (hop.User is { } user) RequireUser(user);
    }

    /// <summary>Refuses the name of a user.</summary>
    /// <exception cref="HopException">It means something to a shell.</exception>
    public static void RequireUser(string user)
    {
        if (!IsUser(user)) throw HopException.Config($"the user name \"{Printable.Line(user)}\" has characters that mean something to a shell");
    }
}
