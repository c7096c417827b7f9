using Xunit;

namespace SyncHop.Ssh.Tests.Lab;

/// <summary>
/// Gives the user a password that only one sshd knows: it runs in a mount namespace of its own, where /etc/shadow and
/// PAM's rules are files of the test.
/// </summary>
internal static class TestPassword
{
    private const string Script =
        "mount --bind \"$1\" /etc/shadow && mount --bind \"$2\" /etc/pam.d/sshd && shift 2 && exec \"$@\"";

    private const string Pam = """
        auth required pam_unix.so
        account required pam_permit.so
        session required pam_permit.so

        """;

    /// <summary>Skips the test where namespaces cannot be made.</summary>
    public static void RequireNamespaces()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give an sshd a password file of its own");
        Assert.SkipUnless(
            File.Exists("/etc/pam.d/sshd") && File.Exists("/usr/bin/openssl"), "needs PAM's rules for sshd, and openssl");
        try
        {
            SshLab.Run("unshare", ["-m", "mount", "--bind", "/etc/passwd", "/etc/shadow"]);
        }
        catch (InvalidOperationException e)
        {
            Assert.Skip("mount namespaces are not allowed here: " + e.Message);
        }
    }

    /// <summary>What goes before the server's command.</summary>
    public static string[] Wrapper(string directory, string password)
    {
        string shadow = Path.Combine(directory, "shadow"), pam = Path.Combine(directory, "pam");
        string hash = SshLab.Run("openssl", ["passwd", "-6", password]).Trim();
        File.WriteAllText(shadow, $"{Environment.UserName}:{hash}:19000:0:99999:7:::\n");
        File.WriteAllText(pam, Pam);
        return ["unshare", "-m", "sh", "-c", Script, "sh", shadow, pam];
    }
}
