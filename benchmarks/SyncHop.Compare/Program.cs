using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using SyncHop.Compare;
using SyncHop.Compare.Programs;
using SyncHop.Compare.Reports;
using SyncHop.LinkEmulator;

Option<bool> quick = new("--quick") { Description = "small trees, one run, short links: proves in a minute or two that everything works" };
Option<bool> all = new("--all") { Description = "every case at every link with every program; takes hours" };
Option<string[]> cases = new("--case") { Description = $"only these cases: {string.Join(", ", Case.All(quick: false).Select(c => c.Name))}", AllowMultipleArgumentsPerToken = true };
Option<string[]> programs = new("--program") { Description = "only these programs: synchop rsync ssh sftp rclone lftp", AllowMultipleArgumentsPerToken = true };
Option<int[]> roundTrips = new("--rtt") { Description = "every chosen case at these round trips in ms (0 20 100 200)", AllowMultipleArgumentsPerToken = true };
Option<string[]> rates = new("--rate") { Description = "every chosen case at these rates (unlimited 100Mbit)", AllowMultipleArgumentsPerToken = true };
Option<int> runs = new("--runs") { Description = "runs of each program (3); fewer of one that takes more than a minute for them" };
Option<int> minutes = new("--minutes") { Description = "after this time no further case is begun (0: no limit)", DefaultValueFactory = _ => 0 };
Option<int> limit = new("--limit") { Description = "seconds after which a run is given up (300)" };
Option<string> synchop = new("--synchop") { Description = "the synchop to compare", DefaultValueFactory = _ => "artifacts/synchop" };
Option<DirectoryInfo> output = new("--output") { Description = "the folder for results.csv, results.md and the plots" };
RootCommand command = new("Compares synchop with its peers over emulated links, on a gateway and a target on loopback.")
{
    quick, all, cases, programs, roundTrips, rates, runs, minutes, limit, synchop, output,
};
command.SetAction(Run);
return command.Parse(args).Invoke();

int Run(ParseResult given)
{
    bool isQuick = given.GetValue(quick);
    IProgram[] known = [new Synchop(Path.GetFullPath(given.GetValue(synchop)!)), new Rsync(), new Ssh(), new Sftp(), new Rclone(), new Lftp()];
    List<IProgram> wanted = [.. known.Where(program => Wanted(given.GetValue(programs), program.Name))];
    List<IProgram> installed = [.. wanted.Where(program => IsInstalled(program.Executable))];
    string[] wantedRates = given.GetValue(rates) ?? [];
    int[] wantedTimes = given.GetValue(roundTrips) ?? [];
    bool isProduct = isQuick || given.GetValue(all) || wantedRates.Length + wantedTimes.Length > 0;
    LinkName[] links =
    [
        .. from rate in wantedRates.Length > 0 ? wantedRates : isQuick ? ["unlimited"] : ["unlimited", "100Mbit"]
           from ms in wantedTimes.Length > 0 ? wantedTimes : isQuick ? [0, 20] : [0, 20, 100, 200]
           select new LinkName(ms, Quantity.Rate(rate)),
    ];
    List<Case> chosen = [.. Case.All(isQuick).Where(c => Wanted(given.GetValue(cases), c.Name))];
    Plan plan = new()
    {
        Cells = isProduct
            ? [.. from c in chosen from link in links select new Cell(c, link, [])]
            : [.. Cell.Goals(chosen)],
        Programs = installed,
        Runs = given.GetValue(runs) is > 0 and var n ? n : isQuick ? 1 : 3,
        Limit = TimeSpan.FromSeconds(given.GetValue(limit) is > 0 and var l ? l : isQuick ? 60 : 300),
        Time = given.GetValue(minutes) is > 0 and var m ? TimeSpan.FromMinutes(m) : TimeSpan.MaxValue,
    };
    DirectoryInfo folder = given.GetValue(output) ?? new DirectoryInfo(
        Path.Combine("benchmarks", "results", DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
    foreach (IProgram program in wanted.Except(installed)) Console.WriteLine($"{program.Name}: not installed, skipped");

    string work = Directory.CreateTempSubdirectory("synchop-compare-").FullName;
    try
    {
        using Lab lab = new(work);
        // The servers are no children of a terminal: nobody else would end them.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => End(lab, work, 130));
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => End(lab, work, 143));
        List<Result> results = new Suite(plan, lab, work, Console.WriteLine).Run();
        folder.Create();
        List<string> facts = Machine.Describe(
            $"benchmarks/compare {string.Join(' ', args)}".Trim(), installed, wanted.Except(installed).Select(program => program.Name), work);
        File.WriteAllText(Path.Combine(folder.FullName, "results.csv"), CsvReport.Write(results));
        File.WriteAllText(Path.Combine(folder.FullName, "results.md"), MarkdownReport.Write(results, facts));
        Plots.Write(results, folder.FullName);
        Console.WriteLine($"results are in {folder}");
        // A peer that fails is a result; our own failure is one to mend.
        List<Result> failed = [.. results.Where(result => result.Program == "synchop" && result.Problem is not null)];
        foreach (Result result in failed) Console.Error.WriteLine($"compare: synchop, {result.Case.Title}: {result.Problem}");
        return failed.Count == 0 ? 0 : 1;
    }
    finally
    {
        Directory.Delete(work, recursive: true);
    }
}

static void End(Lab lab, string work, int exitCode)
{
    lab.Dispose();
    Directory.Delete(work, recursive: true);
    Environment.Exit(exitCode);
}

static bool Wanted(string[]? names, string name) => names is null or [] || names.Contains(name, StringComparer.Ordinal);

static bool IsInstalled(string program) => program.Contains('/')
    ? File.Exists(program)
    : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
