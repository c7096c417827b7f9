using SyncHop.Jobs.Configuration;
using SyncHop.Jobs.Snapshots;

namespace SyncHop.Jobs.Tests;

public class JobFileTests
{
    private const string Smallest = "[job.a]\nsources = \"/src/\"\ndestination = \"gw,nas:dst\"\n";

    [Fact]
    public void Everything_a_job_can_have_is_read()
    {
        Job job = Assert.Single(JobFile.Parse("f", """
            # A comment.
            [job.home]
            sources = ["/home/me/", "/etc"]
            destination = "gw,nas:backup"
            options = ["-a", "--exclude=a b"]
            keys = ["gw=/k", "credential:nas-key"]
            credentials = { nas-key = "/etc/synchop/nas-key" }
            retries = 5
            retry-wait = 30
            lock-wait = 600
            before = "mount /mnt && true"
            after = ["/usr/local/bin/tell", "me"]
            snapshots = true
            metrics-file = "/m.prom"
            bandwidth = [{ from = "08:00", to = "18:30", limit = "2m" }, { from = "22:00", to = "06:00", limit = "0" }]

            [job.home.keep]
            hourly = 24
            daily = 7
            weekly = 4
            monthly = 12
            yearly = 3

            [[job.home.secrets]]
            for = "foo@gw"
            command = ["pass", "show", "gw"]
            [[job.home.secrets]]
            credential = "nas-password"
            """).Jobs);
        Assert.Equal(("home", 2, "gw,nas:backup"), (job.Name, job.Line, job.Destination));
        Assert.Equal(["/home/me/", "/etc"], job.Sources);
        Assert.Equal(["-a", "--exclude=a b"], job.Options);
        Assert.Equal(["gw=/k", "credential:nas-key"], job.Keys);
        Assert.Equal("/etc/synchop/nas-key", job.Credentials["nas-key"]);
        Assert.Equal((5, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10)), (job.Retries, job.RetryWait, job.LockWait));
        Assert.Equal(["/bin/sh", "-c", "mount /mnt && true"], job.Before);
        Assert.Equal(["/usr/local/bin/tell", "me"], job.After);
        Assert.Equal(new KeepRule { Hourly = 24, Daily = 7, Weekly = 4, Monthly = 12, Yearly = 3 }, job.Keep);
        Assert.True(job.Snapshots);
        Assert.Equal("/m.prom", job.MetricsFile);
        Assert.Equal([("foo@gw", null), (null, "nas-password")], job.Secrets.Select(secret => (secret.For, secret.Credential)));
        Assert.Equal(["pass", "show", "gw"], job.Secrets[0].Command);
        Assert.Equal("2m", job.Bandwidth[0].Limit);
        string limits = string.Concat("08:00 18:30 21:59 22:00 05:59".Split(' ').Select(time => job.Bandwidth.Any(window => window.Contains(TimeOnly.Parse(time, null))) ? "+" : "-"));
        Assert.Equal("+--++", limits);
    }

    [Fact]
    public void Little_is_enough()
    {
        JobFile file = JobFile.Parse("f", Smallest + "options = \"-a  --delete\"\n[job.b]\nsources = [\"/x\"]\ndestination = \"/y\"\n");
        Assert.Equal(["a", "b"], file.Jobs.Select(job => job.Name));
        Assert.Equal(["-a", "--delete"], file.Jobs[0].Options);
        Assert.Equal("f: there is no job c; there are a, b", Assert.Throws<JobFileException>(() => file.Find("c")).Message);
    }

    [Theory]
    [InlineData("option = \"-a\"", "f:4: unknown key option; known are accept-errors, after, bandwidth, before, ")]
    [InlineData("options = 3", "f:4: options must be a text or a list of texts")]
    [InlineData("options = [\"-a\", 3]", "f:4: options must be a list of texts in quotes")]
    [InlineData("options = \"--exclude='a b'\"", "f:4: with quotes or backslashes, options must be a list: ")]
    [InlineData("options = [\"--proxy=socks5://me:secret@h:1\"]", "f:4: a password has no place in a job file; see secrets")]
    [InlineData("options = [\"-a\", \"--proxy\", \"socks5://me:secret@h:1\"]", "f:4: a password has no place in a job file; see secrets")]
    [InlineData("options = [\"--job=b\"]", "f:4: --job=b in a job")]
    [InlineData("\n\nretries = -1", "f:6: retries must be a whole number from 0 to 1000")]
    [InlineData("retries = 1.5", "f:4: retries must be a whole number from 0 to 1000")]
    [InlineData("snapshots = 1", "f:4: snapshots must be true or false")]
    [InlineData("keep = { daily = 1 }", "f:4: keep is for snapshots = true")]
    [InlineData("snapshots = true\nkeep = { dayly = 1 }", "f:5: unknown key dayly; known are daily, hourly, last, monthly, weekly, yearly")]
    [InlineData("snapshots = true\nkeep = { daily = 0 }", "f:5: keep keeps nothing")]
    [InlineData("snapshots = true\nkeep = 3", "f:5: keep must be a table")]
    [InlineData("bandwidth = { from = \"8\", to = \"9:00\", limit = \"1m\" }", "f:4: from must be a time of day, such as \"08:00\"")]
    [InlineData("[[job.a.secrets]]\nfor = \"x\"", "f:4: a secret needs either a command or a credential")]
    [InlineData("[[job.a.secrets]]\ncredential = \"a/b\"", "f:5: \"a/b\" is no name of a credential")]
    [InlineData("[[job.a.secrets]]\npassword = \"x\"", "f:5: unknown key password; known are command, credential, for")]
    [InlineData("credentials = { k = \"relative\" }", "f:4: k must be an absolute path")]
    [InlineData("credentials = { k = '/a\\' }", "f:4: k must not end with a backslash")]
    [InlineData("before = []", "f:4: before is empty")]
    [InlineData("lock-wait = \"10\"", "f:4: lock-wait must be a whole number from 0 to 4000000")]
    [InlineData("[jobs.b]\nsources = \"x\"", "f:4: unknown key jobs; known are job")]
    [InlineData("[job.\"../b\"]\nsources = \"x\"", "f:4: \"../b\" is no name for a job: ")]
    [InlineData("[job.b]\nsources = \"x\"", "f:4: destination is missing")]
    [InlineData("[job.a]\nretries = 1", "f:4: [job.a] is there twice; the first is in line 1")]
    [InlineData("destination = \"again\"", "f:4: destination is there twice; the first is in line 3")]
    [InlineData("keep = { daily = 1 }\n[job.a.keep]\nweekly = 1", "f:5: ")]
    [InlineData("[job.b]\ndestination = \"\"\nsources=\"x\"", "f:5: destination is empty")]
    [InlineData("[job.b]\ndestination = \"x\"", "f:4: sources is missing or empty")]
    public void A_mistake_has_its_line(string text, string complaint)
    {
        JobFileException found = Assert.Throws<JobFileException>(() => JobFile.Parse("f", Smallest + text + "\n"));
        Assert.StartsWith(complaint, found.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', found.Message);
    }

    [Theory]
    [InlineData(true, "", "/own")]
    [InlineData(true, "/etc/synchop/jobs.toml", "/etc/synchop/jobs.toml")]
    [InlineData(true, "/own /etc/synchop/jobs.toml", "/own")]
    [InlineData(false, "/etc/synchop/jobs.toml", "/own")]
    public void Root_without_a_file_has_the_systems(bool isRoot, string there, string chosen) =>
        Assert.Equal(chosen, JobFile.Choose("/own", isRoot, file => there.Split(' ').Contains(file)));

    /// <summary>They become names of files and units.</summary>
    [Theory]
    [InlineData("[job.\"b\\n\"]\nsources = \"x\"", 4)]
    [InlineData("[[job.a.secrets]]\ncredential = \"c\\n\"", 5)]
    public void A_name_does_not_end_with_a_newline(string text, int line) =>
        Assert.Equal(line, Assert.Throws<JobFileException>(() => JobFile.Parse("f", Smallest + text + "\n")).Line);

    [Theory]
    [InlineData("sources = [\"/x\"")]
    [InlineData("sources = /x")]
    [InlineData("destination = \"again\"")]
    [InlineData("[job.a]")]
    [InlineData("= 3")]
    public void So_has_what_is_no_toml(string text)
    {
        JobFileException found = Assert.Throws<JobFileException>(() => JobFile.Parse("f", Smallest + text + "\n"));
        Assert.InRange(found.Line, 4, 5);
    }

    [Fact, System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public void A_file_that_others_may_write_is_refused()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "jobs.toml");
        Assert.Equal($"{path}: no such file", Assert.Throws<JobFileException>(() => JobFile.Read(path)).Message);
        File.WriteAllText(path, Smallest);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Equal($"{path}: others may write it: chmod go-w", Assert.Throws<JobFileException>(() => JobFile.Read(path)).Message);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Single(JobFile.Read(path).Jobs);
        File.WriteAllBytes(path, [0xFF]);
        Assert.Equal($"{path}: not UTF-8", Assert.Throws<JobFileException>(() => JobFile.Read(path)).Message);
    }
}
