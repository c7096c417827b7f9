using SyncHop.Sftp;

namespace SyncHop.Cli.Checking;

/// <summary>What archive mode (<c>-a</c>), and what is often given with it, cannot keep on a host.</summary>
internal static class ArchiveLosses
{
    /// <summary>One line for each loss.</summary>
    /// <param name="supports">Whether the server has an extension.</param>
    /// <param name="uid">The uid of the login; null when only its name is known.</param>
    /// <param name="user">The name of the login.</param>
    public static IEnumerable<string> Of(Func<SftpExtension, bool> supports, uint? uid, string user)
    {
        yield return "parts of a second, and times before 1970 or after 2106: SFTP has whole seconds in 32 bits";
        yield return "devices, named pipes and sockets: SFTP cannot make them";
        if (!(uid is null ? user == "root" : uid == 0))
        {
            yield return $"owners, and groups that {user} is not in: only root sets them"
                + (uid is null ? "" : System.FormattableString.Invariant($" (the login has uid {uid})"));
        }

        if (!supports(SftpExtension.LSetStat)) yield return "times and owners of symlinks: the server has no lsetstat@openssh.com";
        if (!supports(SftpExtension.PosixRename))
            yield return "replacing a file in one step: the server has no posix-rename@openssh.com";
        yield return supports(SftpExtension.HardLink)
            ? "ACLs (-A) and extended attributes (-X): SFTP does not carry them"
            : "hard links (-H): the server has no hardlink@openssh.com; ACLs (-A) and extended attributes (-X): SFTP does not carry them";
    }
}
