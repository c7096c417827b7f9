using System.Globalization;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Options;
using SyncHop.Engine;
using SyncHop.Engine.Filters;
using SyncHop.Jobs.Configuration;

namespace SyncHop.Cli.Jobs;

/// <summary>Makes a run of a job: its command line, read as if it had been typed.</summary>
internal static class JobInvocation
{
    private const string CredentialPrefix = "credential:";

    /// <summary>The run.</summary>
    /// <param name="job">The job.</param>
    /// <param name="extra">Options that come after its own.</param>
    /// <exception cref="CommandException">The command line is not valid; the message names the job.</exception>
    public static Invocation Create(Job job, IReadOnlyList<string> extra) => Create(job, extra, Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY"));

    /// <summary>Finds the mistakes that can be found without connecting to anything.</summary>
    /// <exception cref="CommandException">There is one; the message names the job.</exception>
    public static void Verify(Job job) => _ = Create(job, [], "/run/credentials"); // They are only there in the service, which need not be this.

    private static Invocation Create(Job job, IReadOnlyList<string> extra, string? credentials)
    {
        try
        {
            List<string> words = [.. job.Options.Select(ExpandHome)];
            foreach (string key in job.Keys) words.Add($"--identity={KeyFile(key, credentials)}");
            if (job.Retries is { } retries) words.Add(string.Create(CultureInfo.InvariantCulture, $"--retries={retries}"));
            if (job.RetryWait is { } wait) words.Add(string.Create(CultureInfo.InvariantCulture, $"--retry-wait={(long)wait.TotalSeconds}"));
            words.AddRange(extra);
            words.AddRange(["--", .. job.Sources.Select(Local), Local(job.Destination)]);
            if (CommandLine.Parse(words, Environment.GetEnvironmentVariable("RSYNC_RSH")) is not ParsedCommand.Run { Invocation: var run })
                throw CommandException.Usage("its options do not make a run");
            if (run.Operands.Sources.Count != job.Sources.Count)
                throw CommandException.Usage("a word in its options is neither an option nor the value of one");
            if (run.Operands.Destination is null) throw CommandException.Usage("its options list files instead of copying them");
            if (run.Options.SignatureTask != SignatureTask.None) throw CommandException.Usage("a job synchronizes; it does not sign");
            if (job.Bandwidth.Count > 0 && run.Operands.SourceHops.Count + run.Operands.DestinationHops.Count == 0)
                throw CommandException.Usage("bandwidth is for what goes to or comes from a host");
            if (job.Snapshots) _ = SnapshotSettings.Apply(run.Options); // A mistake is told before anything is connected.
            return run with
            {
                Unattended = run.Unattended with
                {
                    Job = job.Name,
                    Snapshots = job.Snapshots ? new SnapshotSettings(job.Keep, job.AcceptsErrors) : null,
                    Answers = job.Secrets.Count > 0 ? new JobAnswers(job.Secrets, credentials) : null,
                    Bandwidth = job.Bandwidth.Count > 0 ? new BandwidthSchedule(job.Bandwidth, run.Options.BandwidthLimit).Now : null,
                    LockWait = run.Unattended.LockWait ?? job.LockWait,
                    MetricsFile = run.Unattended.MetricsFile ?? (job.MetricsFile is { } metrics ? ExpandHome(metrics) : null),
                },
            };
        }
        catch (CommandException e)
        {
            throw new CommandException(e.Code, $"job {job.Name}: {e.Message}");
        }
        catch (FilterException e)
        {
            throw new CommandException(e.Code, $"job {job.Name}: {e.Message}");
        }
    }

    /// <summary>A local name must not depend on where the run is started.</summary>
    private static string Local(string operand)
    {
        if (EndpointParser.Parse(operand) is RemoteEndpoint) return operand;
        string path = ExpandHome(operand);
        return path.StartsWith('/') ? path : throw CommandException.Usage($"{operand}: a local name in a job must begin with / or ~/");
    }

    /// <summary>What a shell would do: <c>~/x</c>, and <c>--option=~/x</c>.</summary>
    internal static string ExpandHome(string word)
    {
        int at = word.StartsWith("~/", StringComparison.Ordinal) ? 0
            : word.StartsWith("--", StringComparison.Ordinal) && word.IndexOf("=~/", StringComparison.Ordinal) is > 0 and int mark ? mark + 1
            : -1;
        return at < 0 ? word : word[..at] + Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) + word[(at + 1)..];
    }

    private static string KeyFile(string key, string? credentials)
    {
        int equals = key.IndexOf('=', StringComparison.Ordinal);
        (string hop, string file) = equals >= 0 && !key.AsSpan(0, equals).Contains('/') ? (key[..(equals + 1)], key[(equals + 1)..]) : ("", key);
        if (!file.StartsWith(CredentialPrefix, StringComparison.Ordinal))
        {
            // Elsewhere the keys of ssh_config would do instead; a job says which it means.
            string path = ExpandHome(file);
            // With its public half alone the agent has the key.
            return File.Exists(path) || File.Exists(path + ".pub") ? hop + path : throw CommandException.Usage($"there is no key file {file}");
        }
        try
        {
            return hop + JobAnswers.FileOf(file[CredentialPrefix.Length..], credentials);
        }
        catch (FileNotFoundException e)
        {
            throw CommandException.Usage(e.Message);
        }
    }
}
