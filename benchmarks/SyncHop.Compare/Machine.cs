using System.Runtime.InteropServices;
using SyncHop.Compare.Programs;

namespace SyncHop.Compare;

/// <summary>On what, and with what, the comparison ran.</summary>
internal static class Machine
{
    /// <summary>A line for each fact.</summary>
    /// <param name="command">The command that made the results.</param>
    /// <param name="programs">The programs that ran.</param>
    /// <param name="missing">The names of the peers that are not installed.</param>
    /// <param name="work">A folder for logs.</param>
    public static List<string> Describe(string command, IEnumerable<IProgram> programs, IEnumerable<string> missing, string work)
    {
        List<string> facts =
        [
            $"`{command}`, {DateTime.UtcNow:yyyy-MM-dd}",
            $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}",
            .. programs.Select(program => $"{program.Name}: {Version(program, work)}"),
            .. missing.Select(name => $"{name}: not installed, skipped"),
        ];
        return facts;
    }

    private static string Processor()
    {
        const string cpus = "/proc/cpuinfo";
        string? line = File.Exists(cpus) ? File.ReadLines(cpus).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 2)..];
    }

    private static string Version(IProgram program, string work)
    {
        string log = Path.Combine(work, $"version-{program.Name}");
        _ = ChildProcess.Run(program.VersionArguments, work, new Dictionary<string, string>(), log, TimeSpan.FromSeconds(20));
        return File.ReadLines(log).FirstOrDefault("unknown").Trim();
    }
}
