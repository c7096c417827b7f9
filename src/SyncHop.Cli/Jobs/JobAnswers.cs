using System.ComponentModel;
using System.Diagnostics;
using SyncHop.Cli.Running;
using SyncHop.Jobs.Configuration;

namespace SyncHop.Cli.Jobs;

/// <summary>Answers questions for passwords and passphrases by the secrets of a job.</summary>
/// <param name="secrets">How each is come by.</param>
/// <param name="credentials">The directory of the service's credentials (systemd.exec(5), CREDENTIALS_DIRECTORY); null where there is none.</param>
/// <param name="limit">How long a command may take; null for a minute, in which a user can type what it asks for.</param>
internal sealed class JobAnswers(IReadOnlyList<JobSecret> secrets, string? credentials, TimeSpan? limit = null)
{
    private readonly TimeSpan _limit = limit ?? TimeSpan.FromMinutes(1);

    private readonly HashSet<JobSecret> _used = [];

    /// <summary>What secrets are for that nobody has asked for so far.</summary>
    public IReadOnlyList<string> Unused
    {
        get
        {
            lock (_used) return [.. secrets.Where(secret => secret.For is not null && !_used.Contains(secret)).Select(static secret => secret.For!)];
        }
    }

    /// <summary>The answer's bytes, to be cleared by the caller; null where no secret is for that, or it cannot be come by.</summary>
    /// <param name="asker">Whom the answer is for, in no words of a server's: otherwise a gateway could ask for the next host's password.</param>
    /// <param name="warn">Is told why not.</param>
    /// <param name="cancellation">Ends a command under way.</param>
    public byte[]? Find(string asker, Action<string> warn, CancellationToken cancellation)
    {
        JobSecret? secret = secrets.FirstOrDefault(secret => secret.For is null || asker.Contains(secret.For, StringComparison.Ordinal));
        if (secret is null) return null;
        lock (_used) _used.Add(secret);
        try
        {
            if (secret.Credential is not null) return ReadCredential(secret.Credential);
            byte[]? answer = PrintedLine.Of(new ProcessStartInfo(secret.Command[0], secret.Command.Skip(1)), _limit, cancellation);
            if (answer is null) warn($"the command {secret.Command[0]}, which should print a secret, failed or printed nothing");
            return answer;
        }
        catch (TimeoutException)
        {
            // Nobody need be there to see what it waits for; the run, and all that wait for its lock, would wait with it.
            warn($"the command {secret.Command[0]}, which should print a secret, was ended: it took more than {_limit.TotalSeconds:0} s");
            return null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            // Of what was never a file, the message says why.
            warn(e is FileNotFoundException { FileName: null }
                ? $"a secret cannot be read: {e.Message}"
                : $"a secret cannot be read: {secret.Credential ?? secret.Command[0]}: {FileFailure.Reason(e)}");
            return null;
        }
    }

    /// <summary>The file of a credential.</summary>
    /// <exception cref="FileNotFoundException">There are none.</exception>
    public static string FileOf(string name, string? directory) => directory is { Length: > 0 }
        ? Path.Combine(directory, name)
        : throw new FileNotFoundException($"the credential {name} is only there in a service that loads it: CREDENTIALS_DIRECTORY is not set");

    private byte[]? ReadCredential(string name)
    {
        using FileStream file = File.OpenRead(FileOf(name, credentials));
        return PrintedLine.ReadLine(file);
    }
}
