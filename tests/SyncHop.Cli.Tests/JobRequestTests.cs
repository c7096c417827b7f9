using SyncHop.Cli.Jobs;
using SyncHop.Cli.Options;
using SyncHop.Jobs.Configuration;
using Xunit;

namespace SyncHop.Cli.Tests;

/// <summary>What command lines about jobs ask for, and what a job's own options and those beside it amount to.</summary>
public class JobRequestTests
{
    [Theory]
    [InlineData("--job-status", null)]
    [InlineData("--job-status=pull", "pull")]
    [InlineData("--job-status pull", "pull")]
    [InlineData("--job-file=/j.toml --job-status -- pull", "pull")]
    public void A_status_names_its_job_attached_or_not(string arguments, string? name)
    {
        JobRequest request = Assert.IsType<ParsedCommand.Jobs>(CommandLine.Parse(arguments.Split(' '))).Request;
        Assert.Equal((JobAction.Status, name), (request.Action, request.Name));
    }

    [Theory]
    [InlineData("--job-status=pull push", "push")]
    [InlineData("--job-status pull push", "pull")]
    [InlineData("--job pull push", "push")]
    public void Other_words_beside_a_job_are_refused(string arguments, string word)
    {
        CommandException refused = Assert.Throws<CommandException>(() => CommandLine.Parse(arguments.Split(' ')));
        Assert.Equal($"{word}: a job has its own sources and destination", refused.Message);
    }

    [Theory]
    [InlineData("-a", null, "", 0)]
    [InlineData("-a", 60, "", 60)]
    [InlineData("-a --lock-wait=20", null, "", 20)]
    [InlineData("-a --lock-wait=20", 60, "", 20)]
    [InlineData("-a", 60, "--lock-wait=0", 0)]
    [InlineData("-a --lock-wait=20", null, "--lock-wait=5", 5)]
    public void A_wait_given_as_an_option_counts_before_that_of_the_key(string options, int? key, string extra, int seconds)
    {
        Job job = new("j", 1)
        {
            Sources = ["/a"],
            Destination = "/b",
            Options = options.Split(' '),
            LockWait = TimeSpan.FromSeconds(key ?? 0),
        };
        Invocation invocation = JobInvocation.Create(job, extra.Length == 0 ? [] : [extra]);
        Assert.Equal(TimeSpan.FromSeconds(seconds), invocation.Unattended.LockWait);
    }
}
