using SyncHop.Ssh.Authentication;

namespace SyncHop.Ssh.Configuration;

/// <summary>Reads ssh_config files and what they include (ssh_config(5)).</summary>
internal sealed class ConfigReader(SshSettings settings)
{
    // OpenSSH's READCONF_MAX_DEPTH.
    private const int MaximumDepth = 16;

    /// <summary>All files that hold, first the one whose values win.</summary>
    /// <exception cref="HopException">A file cannot be read or a line is malformed.</exception>
    public IReadOnlyList<IReadOnlyList<ConfigLine>> ReadAll()
    {
        if (settings.ConfigFile is { } named)
        {
            if (named == "none") return [];
            string path = settings.ExpandHome(named);
            if (!settings.FileSystem.File.Exists(path))
            {
                throw HopException.Config($"ssh_config file {Printable.Line(path)} "
                    + (settings.FileSystem.Directory.Exists(path) ? "is a directory" : "does not exist"));
            }

            return [Read(path, UserDirectory, 0, checksOwner: false)];
        }

        var files = new List<IReadOnlyList<ConfigLine>>();
        foreach ((string directory, string name) in
            new[] { (UserDirectory, "config"), (settings.SystemDirectory, "ssh_config") })
        {
            string path = Path.Combine(directory, name);
            if (settings.FileSystem.File.Exists(path)) files.Add(Read(path, directory, 0, checksOwner: directory == UserDirectory));
        }

        return files;
    }

    /// <summary>The directives of ssh's command line.</summary>
    /// <exception cref="HopException">One is malformed.</exception>
    public IReadOnlyList<ConfigLine> ReadOptions()
    {
        var lines = new List<ConfigLine>();
        foreach (string option in settings.TargetOptions)
        {
            if (ConfigLine.Parse(option, ConfigLine.CommandLine, 0) is not { } line) continue;
            if (line.Keyword is "host" or "match" or "include")
                throw line.Error($"{line.Keyword} cannot stand on the command line");
            Keywords.Check(line);
            if (line.Keyword == "user") ShellNames.RequireUser(line.Single());
            lines.Add(line);
        }

        return lines;
    }

    private string UserDirectory => Path.Combine(settings.Home, ".ssh");

    private List<ConfigLine> Read(string path, string includeDirectory, int depth, bool checksOwner)
    {
        if (checksOwner && MayBeOthers(path)) throw HopException.Config($"Bad owner or permissions on {Printable.Line(path)}");
        string[] text;
        try
        {
            text = settings.FileSystem.File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HopException.Config($"cannot read {Printable.Line(path)}: {Printable.Line(e.Message)}");
        }

        var lines = new List<ConfigLine>();
        for (int i = 0; i < text.Length; i++)
        {
            if (ConfigLine.Parse(text[i], path, i + 1) is not { } line) continue;
            Keywords.Check(line);
            lines.Add(line.Keyword == "include"
                ? line with { Included = ReadIncluded(line, includeDirectory, depth) }
                : line);
        }

        return lines;
    }

    // As ssh: the user's own file and what is included may run commands, so nobody else may write them.
    private bool MayBeOthers(string path) => !OperatingSystem.IsWindows()
        && ((settings.FileSystem.File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0
            || !FileOwner.IsUserOrRoot(path));

    private List<IReadOnlyList<ConfigLine>> ReadIncluded(ConfigLine line, string includeDirectory, int depth)
    {
        if (depth == MaximumDepth) throw line.Error("too many nested Include directives");
        var files = new List<IReadOnlyList<ConfigLine>>();
        foreach (string argument in line.Arguments)
        {
            string pattern = Path.Combine(includeDirectory, settings.ExpandHome(argument));
            foreach (string path in ConfigGlob.Expand(settings.FileSystem, pattern)) files.Add(Read(path, includeDirectory, depth + 1, checksOwner: true));
        }

        return files;
    }
}
