using System.Globalization;
using System.Text.RegularExpressions;
using SyncHop.Jobs.Snapshots;

namespace SyncHop.Jobs.Configuration;

/// <summary>Reads one job's table.</summary>
internal static partial class JobReader
{
    private const int LongestWait = 4_000_000; // Seconds; a timer counts up to 2^32 milliseconds.

    /// <summary>Whether a job can have that name.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    /// <summary>The job.</summary>
    /// <exception cref="JobFileException">Something in it is not right.</exception>
    public static Job Read(string name, ConfigTable table)
    {
        if (!IsName(name)) throw table.Complain(table.Line, $"\"{name}\" is no name for a job: letters, digits, - and _, 64 at most");
        Job job = new(name, table.Line)
        {
            Sources = Sources(table),
            Destination = table.RequiredText("destination"),
            Options = Options(table),
            Keys = table.Texts("keys") ?? [],
            Secrets = [.. table.Tables("secrets").Select(Secret)],
            Credentials = Credentials(table),
            Retries = table.Number("retries", 0, 1000),
            RetryWait = Seconds(table, "retry-wait"),
            LockWait = Seconds(table, "lock-wait") ?? TimeSpan.Zero,
            Bandwidth = [.. table.Tables("bandwidth").Select(Window)],
            Before = Command(table, "before"),
            After = Command(table, "after"),
            Snapshots = table.Flag("snapshots") ?? false,
            Keep = table.Table("keep") is { } keep ? Keep(keep) : null,
            AcceptsErrors = table.Flag("accept-errors") ?? false,
            MetricsFile = table.Text("metrics-file"),
        };
        table.RejectOthers();
        if (job is { Keep: not null, Snapshots: false }) throw table.Complain("keep", "keep is for snapshots = true");
        if (job is { AcceptsErrors: true, Snapshots: false }) throw table.Complain("accept-errors", "accept-errors is for snapshots = true");
        return job;
    }

    private static IReadOnlyList<string> Sources(ConfigTable table)
    {
        IReadOnlyList<string> sources = table.Texts("sources") ?? [];
        if (sources.Count == 0) throw table.Complain("sources", "sources is missing or empty");
        return sources;
    }

    private static IReadOnlyList<string> Options(ConfigTable table)
    {
        IReadOnlyList<string> options = table.Texts("options") ?? [];
        if (!table.IsList("options"))
        {
            if (options is [string line] && line.AsSpan().IndexOfAny("'\"\\") >= 0)
                throw table.Complain("options", "with quotes or backslashes, options must be a list: [\"-a\", \"--exclude=a b\"]");
            options = [.. options.SelectMany(static line => line.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))];
        }
        foreach (string option in options)
        {
            if (option.StartsWith("--job", StringComparison.Ordinal)) throw table.Complain("options", $"{option} in a job");
            // Also in a word that is the value of the one before it.
            if (PasswordInUrl().IsMatch(option)) throw table.Complain("options", "a password has no place in a job file; see secrets");
        }
        return options;
    }

    private static JobSecret Secret(ConfigTable table)
    {
        JobSecret secret = new(table.Text("for"), Command(table, "command"), table.Text("credential"));
        table.RejectOthers();
        if (secret.Command.Count > 0 == secret.Credential is not null) throw table.Complain(table.Line, "a secret needs either a command or a credential");
        if (secret.Credential is { } name && !CredentialName().IsMatch(name)) throw table.Complain("credential", $"\"{name}\" is no name of a credential");
        return secret;
    }

    private static Dictionary<string, string> Credentials(ConfigTable table)
    {
        Dictionary<string, string> files = [];
        if (table.Table("credentials") is not { } named) return files;
        foreach (string name in named.Keys)
        {
            if (!CredentialName().IsMatch(name)) throw named.Complain(name, $"\"{name}\" is no name of a credential");
            string file = named.RequiredText(name);
            if (!file.StartsWith('/') || file.AsSpan().ContainsAny('\n', '\r')) throw named.Complain(name, $"{name} must be an absolute path");
            // In a unit it would take the next line into the name.
            if (file.EndsWith('\\')) throw named.Complain(name, $"{name} must not end with a backslash");
            files[name] = file;
        }
        return files;
    }

    private static BandwidthWindow Window(ConfigTable table)
    {
        BandwidthWindow window = new(Time(table, "from"), Time(table, "to"), table.RequiredText("limit"));
        table.RejectOthers();
        return window;
    }

    private static KeepRule Keep(ConfigTable table)
    {
        KeepRule rule = new()
        {
            Last = Count("last"),
            Hourly = Count("hourly"),
            Daily = Count("daily"),
            Weekly = Count("weekly"),
            Monthly = Count("monthly"),
            Yearly = Count("yearly"),
        };
        table.RejectOthers();
        if (rule == new KeepRule()) throw table.Complain(table.Line, "keep keeps nothing");
        return rule;

        int Count(string key) => table.Number(key, 0, 100_000) ?? 0;
    }

    private static TimeOnly Time(ConfigTable table, string key) =>
        TimeOnly.TryParseExact(table.RequiredText(key), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
            ? time
            : throw table.Complain(key, $"{key} must be a time of day, such as \"08:00\"");

    private static TimeSpan? Seconds(ConfigTable table, string key) =>
        table.Number(key, 0, LongestWait) is int seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>A list is a program and its arguments; a text is for the shell.</summary>
    private static IReadOnlyList<string> Command(ConfigTable table, string key)
    {
        bool isList = table.IsList(key);
        IReadOnlyList<string>? words = table.Texts(key);
        if (words is null) return [];
        if (words is [] or ["", ..]) throw table.Complain(key, $"{key} is empty");
        return isList ? words : ["/bin/sh", "-c", words[0]];
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex CredentialName();

    [GeneratedRegex("://[^/@:]*:[^/@]+@", RegexOptions.CultureInvariant)]
    private static partial Regex PasswordInUrl();
}
