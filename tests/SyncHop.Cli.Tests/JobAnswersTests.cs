using System.Diagnostics;
using System.Text;
using SyncHop.Cli.Jobs;
using SyncHop.Jobs.Configuration;
using Xunit;

namespace SyncHop.Cli.Tests;

/// <summary>Which secret of a job answers which question, and what is said when it cannot be come by.</summary>
public sealed class JobAnswersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("synchop-").FullName;
    private readonly List<string> _warnings = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_secret_whose_part_is_in_the_question_answers()
    {
        File.WriteAllText(_folder + "/nas", "of the NAS\r\nand more\n");
        JobAnswers answers = new([Command("foo@gw", "echo of the gateway; echo second"), Credential("nas", "nas"), Command(null, "printf else")], _folder);
        Assert.Equal("of the gateway", Find(answers, "foo@gw's password: "));
        Assert.Equal(["nas"], answers.Unused);
        Assert.Equal("of the NAS", Find(answers, "bar@nas's password: "));
        Assert.Equal("else", Find(answers, "Enter passphrase for key '/k': "));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_question_that_none_is_for_is_not_answered()
    {
        Assert.Null(Find(new JobAnswers([Command("gw", "echo x")], _folder), "password of target: "));
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("echo x; exit 3")]
    [InlineData("true")]
    public void A_command_that_fails_or_prints_nothing_is_told(string command)
    {
        Assert.Null(Find(new JobAnswers([Command(null, command)], _folder), "password: "));
        Assert.Equal("the command sh, which should print a secret, failed or printed nothing", Assert.Single(_warnings));
    }

    [Fact]
    public void What_is_not_there_is_told()
    {
        Assert.Null(Find(new JobAnswers([new JobSecret(null, ["/nonexistent/pass"], null)], null), "password: "));
        Assert.Null(Find(new JobAnswers([Credential(null, "gone")], _folder), "password: "));
        Assert.Null(Find(new JobAnswers([Credential(null, "gone")], null), "password: "));
        Assert.Equal(3, _warnings.Count);
        Assert.All(_warnings, warning => Assert.StartsWith("a secret cannot be read: ", warning, StringComparison.Ordinal));
        Assert.Equal("a secret cannot be read: /nonexistent/pass: No such file or directory (2)", _warnings[0]);
        Assert.EndsWith("No such file or directory (2)", _warnings[1], StringComparison.Ordinal);
        Assert.Contains("CREDENTIALS_DIRECTORY is not set", _warnings[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_hangs_ends_with_the_run()
    {
        using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(300));
        JobAnswers answers = new([Command(null, "sleep 60")], _folder);
        Assert.ThrowsAny<OperationCanceledException>(() => answers.Find("password: ", _warnings.Add, cancellation.Token));
    }

    [Fact]
    public void A_command_that_takes_too_long_is_ended_and_told()
    {
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Null(Find(new JobAnswers([Command(null, "setsid sleep 20 & sleep 20")], _folder, TimeSpan.FromSeconds(1)), "password: "));
        Assert.Equal("the command sh, which should print a secret, was ended: it took more than 1 s", Assert.Single(_warnings));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
    }

    [Fact]
    public void What_a_command_leaves_running_is_not_waited_for()
    {
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal("answer", Find(new JobAnswers([Command(null, "setsid sleep 20 & echo answer")], _folder), "password: "));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
    }

    private string? Find(JobAnswers answers, string question) =>
        answers.Find(question, _warnings.Add, Token) is { } answer ? Encoding.UTF8.GetString(answer) : null;

    private static JobSecret Command(string? part, string shell) => new(part, ["sh", "-c", shell], null);

    private static JobSecret Credential(string? part, string name) => new(part, [], name);
}
