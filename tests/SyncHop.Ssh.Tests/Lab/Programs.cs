using Xunit;

namespace SyncHop.Ssh.Tests.Lab;

/// <summary>Programs of Debian that tests talk to; scripts/setup installs them.</summary>
internal static class Programs
{
    /// <summary>The path of a program; the test is skipped where it is missing.</summary>
    public static string Require(string name)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is not installed; scripts/setup installs it");
        return path!;
    }
}
