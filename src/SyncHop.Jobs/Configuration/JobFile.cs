using System.Text;
using System.Text.Unicode;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace SyncHop.Jobs.Configuration;

/// <summary>A file of jobs in TOML (<c>jobs.toml</c>): a table <c>[job.NAME]</c> for each.</summary>
public sealed class JobFile
{
    private const int LongestFile = 1 << 20;

    private JobFile(string path, IReadOnlyList<Job> jobs) => (FilePath, Jobs) = (path, jobs);

    private const string SystemPath = "/etc/synchop/jobs.toml";

    /// <summary>
    /// The file that counts where none is named: <c>synchop/jobs.toml</c> in XDG_CONFIG_HOME, or in <c>~/.config</c>; where root has none
    /// there, the one in <c>/etc</c>, which the system's units of the packages read.
    /// </summary>
    public static string DefaultPath
    {
        get
        {
            string? root = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
            if (root is not ['/', ..])
                root = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".config");
            return Choose(Path.Combine(root, "synchop", "jobs.toml"), Environment.IsPrivilegedProcess, File.Exists);
        }
    }

    /// <inheritdoc cref="DefaultPath"/>
    internal static string Choose(string own, bool isRoot, Func<string, bool> exists) => isRoot && !exists(own) && exists(SystemPath) ? SystemPath : own;

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Its jobs, in its order.</summary>
    public IReadOnlyList<Job> Jobs { get; }

    /// <summary>Whether a job can have that name.</summary>
    public static bool IsName(string text) => JobReader.IsName(text);

    /// <summary>Reads a file.</summary>
    /// <exception cref="JobFileException">It cannot be read, others may write it, or something in it is not right.</exception>
    public static JobFile Read(string path)
    {
        try
        {
            FileInfo info = new(path);
            if (!info.Exists) throw new JobFileException(path, 0, "no such file");
            if (info.Length > LongestFile) throw new JobFileException(path, 0, "longer than a job file can be (1 MiB)");
            // It names commands: whoever writes it can have them run.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
                throw new JobFileException(path, 0, "others may write it: chmod go-w");
            if (!FileOwner.IsUserOrRoot(path)) throw new JobFileException(path, 0, "it belongs to somebody else: chown");
            byte[] bytes = File.ReadAllBytes(path);
            if (!Utf8.IsValid(bytes)) throw new JobFileException(path, 0, "not UTF-8");
            return Parse(path, Encoding.UTF8.GetString(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFileException(path, 0, e.Message);
        }
    }

    /// <summary>The job of that name.</summary>
    /// <exception cref="JobFileException">There is none.</exception>
    public Job Find(string name) => Jobs.FirstOrDefault(job => job.Name == name)
        ?? throw new JobFileException(FilePath, 0, $"there is no job {name}; there are {(Jobs.Count == 0 ? "none" : string.Join(", ", Jobs.Select(static job => job.Name)))}");

    /// <summary>Reads a file's text.</summary>
    internal static JobFile Parse(string path, string text)
    {
        DocumentSyntax document = SyntaxParser.Parse(text, path, validate: false);
        RejectErrors(path, document);
        ConfigTable root = new(path, 1);
        foreach (KeyValueSyntax pair in document.KeyValues) root.Add(pair);
        foreach (TableSyntaxBase heading in document.Tables)
        {
            ConfigTable table = root.Reach(heading);
            foreach (KeyValueSyntax pair in heading.Items) table.Add(pair);
        }
        // What is there twice was told above in words of a job file; this finds the rest of what TOML does not allow.
        RejectErrors(path, SyntaxParser.Parse(text, path, validate: true));
        List<Job> jobs = [];
        if (root.Table("job") is { } tables)
        {
            foreach (string name in tables.Keys.OrderBy(tables.LineOf)) jobs.Add(JobReader.Read(name, tables.Table(name)!));
        }
        root.RejectOthers();
        return new JobFile(path, jobs);
    }

    private static void RejectErrors(string path, DocumentSyntax document)
    {
        foreach (DiagnosticMessage message in document.Diagnostics)
        {
            if (message.Kind == DiagnosticMessageKind.Error) throw new JobFileException(path, message.Span.Start.Line + 1, message.Message);
        }
    }
}
