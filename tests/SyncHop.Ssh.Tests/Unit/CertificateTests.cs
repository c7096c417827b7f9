using SyncHop.Ssh.HostKeys;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

public sealed class CertificateTests
{
    [Fact]
    public void Fields_are_read_and_no_part_of_a_certificate_is_one()
    {
        using var lab = new SshLab();
        string authority = lab.CreateKey("ca");
        SshLab.Run("ssh-keygen", ["-q", "-s", authority, "-I", "id", "-n", "a,b", "-V", "20300101Z:20310101Z", lab.UserKey + ".pub"]);
        byte[] blob = Blob(lab.UserKey + "-cert");

        Certificate? certificate = Certificate.Parse(blob);

        Assert.NotNull(certificate);
        Assert.Equal((CertificateKind.User, "id"), (certificate.Kind, certificate.KeyId));
        Assert.Equal(["a", "b"], certificate.Principals);
        Assert.Equal(Blob(lab.UserKey), certificate.PublicKey);
        Assert.Equal(Blob(authority), certificate.AuthorityKey);
        Assert.Equal(DateTimeOffset.Parse("2030-01-01T00:00Z", null).ToUnixTimeSeconds(), (long)certificate.ValidAfter);
        Assert.Equal(DateTimeOffset.Parse("2031-01-01T00:00Z", null).ToUnixTimeSeconds(), (long)certificate.ValidBefore);
        Assert.Null(Certificate.Parse([.. blob, 0]));
        Assert.Null(Certificate.Parse(Blob(lab.UserKey)));
        Assert.All(Enumerable.Range(0, blob.Length), length => Assert.Null(Certificate.Parse(blob[..length])));
    }

    private static byte[] Blob(string path) => Convert.FromBase64String(SshLab.PublicKey(path).Split(' ')[1]);
}
