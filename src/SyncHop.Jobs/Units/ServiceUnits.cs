using System.Text;
using SyncHop.Jobs.Configuration;

namespace SyncHop.Jobs.Units;

/// <summary>The systemd units of a job: a service that runs it and a timer that starts the service (systemd.service(5), systemd.timer(5)).</summary>
/// <param name="isSystem">Whether they are the system's and not a user's.</param>
/// <param name="directory">Where they are.</param>
public sealed class ServiceUnits(bool isSystem, string directory)
{
    private const string Mark = "# Made by synchop --job-install; synchop --job-uninstall removes it.\n";

    /// <summary>The place of this user's units, or, for root, of the system's.</summary>
    public static ServiceUnits OfThisUser()
    {
        if (Environment.IsPrivilegedProcess) return new ServiceUnits(isSystem: true, "/etc/systemd/system");
        string config = Path.GetDirectoryName(Path.GetDirectoryName(JobFile.DefaultPath))!;
        return new ServiceUnits(isSystem: false, Path.Combine(config, "systemd", "user"));
    }

    /// <summary><c>systemctl</c>, for these units.</summary>
    public string Control => isSystem ? "systemctl" : "systemctl --user";

    /// <summary>The name of a job's units without their endings.</summary>
    public static string NameOf(string job) => $"synchop-{job}";

    /// <summary>Writes both units.</summary>
    /// <param name="job">The job.</param>
    /// <param name="jobFile">The absolute path of its file.</param>
    /// <param name="program">The absolute path of synchop.</param>
    /// <param name="calendar">When it runs (systemd.time(7), CALENDAR EVENTS).</param>
    /// <returns>The files.</returns>
    /// <exception cref="IOException">A file cannot be written, or one of that name was not made by <c>--job-install</c>.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public IReadOnlyList<string> Install(Job job, string jobFile, string program, string calendar)
    {
        (string service, string timer) = FilesOf(job.Name);
        foreach (string file in (string[])[service, timer]) RefuseForeign(file);
        Directory.CreateDirectory(directory);
        File.WriteAllText(service, Mark + Service(isSystem, job.Name, $"{Quote(program)} --batch --job-file={Argument(jobFile)} --job={job.Name}", CredentialLines(job)));
        File.WriteAllText(timer, Mark + Timer(job.Name, calendar));
        return [service, timer];
    }

    /// <summary>Removes both units.</summary>
    /// <returns>The files that were there.</returns>
    /// <exception cref="IOException">A file cannot be removed, or was not made by <c>--job-install</c>.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be removed.</exception>
    public IReadOnlyList<string> Uninstall(string job)
    {
        (string service, string timer) = FilesOf(job);
        List<string> there = [.. new[] { timer, service }.Where(File.Exists)];
        foreach (string file in there) RefuseForeign(file);
        foreach (string file in there) File.Delete(file);
        return there;
    }

    /// <summary>
    /// The template units that packages have, for jobs of <c>/etc/synchop/jobs.toml</c>, or of a user's own file, that need no credentials:
    /// <c>systemctl enable --now synchop@NAME.timer</c>, every night unless a drop-in says otherwise.
    /// </summary>
    /// <param name="isSystem">Whether they are the system's and not users'.</param>
    public static (string Service, string Timer) Template(bool isSystem)
    {
        // Systemd finds the program in /usr/local or /usr.
        string command = $"synchop --batch{(isSystem ? " --job-file=/etc/synchop/jobs.toml" : "")} --job=%i";
        return (Service(isSystem, "%i", command, ""), Timer("%i", "*-*-* 03:00:00"));
    }

    private (string Service, string Timer) FilesOf(string job) =>
        (Path.Combine(directory, NameOf(job) + ".service"), Path.Combine(directory, NameOf(job) + ".timer"));

    private static void RefuseForeign(string file)
    {
        if (File.Exists(file) && !File.ReadAllText(file).StartsWith(Mark, StringComparison.Ordinal))
            throw new IOException($"{file} was not made by --job-install, and stays as it is");
    }

    private static string Service(bool isSystem, string job, string command, string credentials)
    {
        StringBuilder text = new();
        text.Append($"[Unit]\nDescription=synchop job {job}\nDocumentation=man:synchop(1)\n");
        if (isSystem) text.Append("Wants=network-online.target\nAfter=network-online.target\n");
        text.Append($"""

            [Service]
            Type=notify
            ExecStart={command}
            # Source files that vanished meanwhile are nothing that went wrong.
            SuccessExitStatus=24
            Nice=10
            IOSchedulingClass=idle

            """);
        text.Append(credentials).Append("""
            NoNewPrivileges=yes
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            RestrictRealtime=yes
            RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
            SystemCallArchitectures=native

            """);
        // These need rights that a user's service manager may not have. It also gives its services no home.
        if (isSystem)
        {
            text.Append("""
                Environment=HOME=%h
                ProtectClock=yes
                ProtectHostname=yes
                ProtectKernelLogs=yes
                ProtectKernelModules=yes
                ProtectKernelTunables=yes
                ProtectControlGroups=yes
                RestrictNamespaces=yes

                """);
        }
        return text.ToString();
    }

    private static string CredentialLines(Job job) => string.Concat(CredentialsOf(job).Select(name =>
        job.Credentials.TryGetValue(name, out string? file) ? $"LoadCredential={name}:{file.Replace("%", "%%", StringComparison.Ordinal)}\n" : $"LoadCredential={name}\n"));

    private static string Timer(string job, string calendar) => $"""
        [Unit]
        Description=synchop job {job}: when it runs
        Documentation=man:synchop(1)

        [Timer]
        OnCalendar={calendar}
        Persistent=true
        RandomizedDelaySec=5min

        [Install]
        WantedBy=timers.target

        """;

    private static IEnumerable<string> CredentialsOf(Job job)
    {
        const string prefix = "credential:";
        IEnumerable<string> keys = job.Keys.Select(static key => key[(key.IndexOf(prefix, StringComparison.Ordinal) is var at and >= 0 ? at : key.Length)..])
            .Where(static key => key.Length > 0).Select(static key => key[prefix.Length..]);
        return keys.Concat(job.Secrets.Select(static secret => secret.Credential).OfType<string>()).Concat(job.Credentials.Keys).Distinct();
    }

    /// <summary>An argument as systemd reads it: unlike the program's name, it may have variables.</summary>
    private static string Argument(string word) => Quote(word).Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>A word of a command line as systemd reads it: in quotes, specifiers taken literally.</summary>
    private static string Quote(string word) => '"' + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("%", "%%", StringComparison.Ordinal) + '"';
}
