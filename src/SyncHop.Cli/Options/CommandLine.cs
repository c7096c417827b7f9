using System.CommandLine;
using System.CommandLine.Parsing;
using SyncHop.Cli.Completing;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Jobs;
using SyncHop.Cli.Rsh;

namespace SyncHop.Cli.Options;

/// <summary>
/// Turns arguments into what is to be done. Options apply left to right, as in rsync: <c>--no-o -a</c> keeps the owner and
/// <c>-a --no-o</c> does not.
/// </summary>
internal static class CommandLine
{
    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">Those after the program's name.</param>
    /// <param name="remoteShell">RSYNC_RSH: what counts as <c>--rsh</c> where that is not given; null or empty for none.</param>
    /// <param name="state">What the options say, up to the one that is refused; null where that does not matter.</param>
    /// <exception cref="CommandException">They are not valid; the message is rsync's.</exception>
    public static ParsedCommand Parse(IReadOnlyList<string> arguments, string? remoteShell = null, OptionState? state = null)
    {
        if (arguments.Count > 0 && arguments[0] == CompletionRequest.Option)
            return new ParsedCommand.Complete(CompletionRequest.Parse([.. arguments.Skip(1)], remoteShell));
        state ??= new OptionState();
        List<string> operands = [];
        List<string> canonical = OptionSyntax.Canonicalize(arguments, out CommandException? fault);
        IReadOnlyList<Token> tokens = Tokenize(canonical);
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Type == TokenType.Argument) operands.Add(tokens[i].Value);
            if (tokens[i].Type != TokenType.Option) continue;
            (OptionDefinition option, bool negated) = OptionTable.ByName[tokens[i].Value];
            if (negated) option.Negate!(state);
            else option.Apply(state, option.ValueName is null ? "" : tokens[++i].Value[1..]);
        }
        if (fault is not null) throw fault;

        if (state.Wanted is { } wanted) return new ParsedCommand.Inform(wanted);
        // rsync(1): -h is --help only if used without any other argument.
        if (arguments.Count == 1 && state.HumanReadableGiven && operands.Count == 0) return new ParsedCommand.Inform(Information.Help);
        if (state.Job is { } job) return new ParsedCommand.Jobs(JobOf(job, state, canonical, operands));
        if ((state.JobFile ?? state.Calendar) is not null) throw CommandException.Usage("--job-file and --on-calendar need --job, or another option about jobs");
        if (operands.Count == 0 && state.Ssh.Check) throw CommandException.Usage("--check needs a host to check, as in host: or gw,host:path");
        if (state.Ssh.Bench && operands.Count != 1) throw CommandException.Usage("--bench needs one directory on a host, as in host: or gw,host:path");
        if (operands.Count == 0 && NeededBy(state.Sync) is { } needed) throw CommandException.Usage(needed);
        if (operands.Count == 0) return new ParsedCommand.NoOperands();

        bool listOnly = operands.Count == 1;
        Engine.SyncOptions options = state.Resolve(listOnly);
        SshOptions ssh = state.Ssh;
        if (options.Json && (ssh.Check || options.SignatureTask != Engine.SignatureTask.None))
            throw CommandException.Usage("--json is for runs: it does not go with --check, --sign or --prune-signatures");
        if (ssh.Check || ssh.Bench)
        {
            IReadOnlyList<CheckedEndpoint> endpoints = Operands.RemoteOnes(operands);
            if (ssh.Check) RefuseExtended(options);
            return new ParsedCommand.Check(new CheckInvocation(endpoints, options, WithRemoteShell(ssh, state.RemoteShell, remoteShell)));
        }

        OptionTable.RefuseEnvironment(state);
        if (state.FilesFrom is not null && operands.Count != 2) throw CommandException.Usage("--files-from needs one source and a destination");

        // Signing has no destination: all operands are files on one host.
        Operands parsed = options.SignatureTask == Engine.SignatureTask.None
            ? Operands.Parse(operands, options.ListOnly)
            : Operands.Parse([.. operands, "."], listOnly: true);
        // Both are for a receiver on this machine: rsync does not tell them the other one.
        bool receivesHere = parsed.DestinationHops.Count == 0;
        if (state.DropDevices && receivesHere) options = options with { Devices = false, Specials = false };
        if (options.Super == false && !receivesHere) options = options with { Super = null };
        bool remote = parsed.SourceHops.Count > 0 || parsed.DestinationHops.Count > 0;
        if (remote) RefuseExtended(options);
        return new ParsedCommand.Run(new Invocation(parsed, options, remote ? WithRemoteShell(ssh, state.RemoteShell, remoteShell) : ssh)
        {
            Unattended = state.Unattended,
            Names = state.FilesFrom is { } file ? NameFile.Parse(file, state.Filters.EndsAtNul, parsed) : null,
        });
    }

    /// <summary>Refuses what no server can do.</summary>
    private static void RefuseExtended(Engine.SyncOptions options)
    {
        if (!options.Acls && options.Xattrs == 0) return;
        string leave = options is { Acls: true, Xattrs: > 0 } ? "-A and -X" : options.Acls ? "-A" : "-X";
        throw new CommandException(
            Engine.ExitCode.Unsupported,
            $"--{(options.Acls ? "acls" : "xattrs")}: SFTP has no extended attributes and ACLs; they are kept local to local only (leave out {leave})");
    }

    /// <summary>What an option of ours lacks without operands; null where there is none, so that help is what rsync gives.</summary>
    private static string? NeededBy(Engine.SyncOptions options) => options switch
    {
        { SignatureTask: Engine.SignatureTask.Sign } => "--sign needs files or directories to sign, as in dir or gw,host:dir",
        { SignatureTask: Engine.SignatureTask.Prune } => "--prune-signatures needs the host whose signatures are looked at, as in gw,host: or, for this machine, .",
        { Verify: true } => "--verify reads back what a run writes: it needs a source and a destination",
        _ => null,
    };

    private static JobRequest JobOf((JobAction Action, string? Name) job, OptionState state, List<string> canonical, List<string> operands)
    {
        // An optional value has to be attached; but what else could be meant here?
        if (job is { Action: JobAction.Status, Name: null } && operands is [var named]) (job, operands) = ((job.Action, named), []);
        if (operands.Count > 0) throw CommandException.Usage($"{operands[0]}: a job has its own sources and destination");
        List<string> extra = [];
        foreach (string word in canonical.TakeWhile(static word => word != "--"))
        {
            int mark = word.IndexOf(OptionSyntax.ValueMark, StringComparison.Ordinal);
            string name = mark < 0 ? word : word[..mark];
            if (!OptionTable.JobOptionNames.Contains(name)) extra.Add(mark < 0 ? word : word.Remove(mark, 1));
        }
        if (extra.Count > 0 && job.Action is not (JobAction.Run or JobAction.Check))
            throw CommandException.Usage($"{extra[0]}: only --job and --job-check take other options");
        if (state.Calendar is not null && job.Action != JobAction.Install) throw CommandException.Usage("--on-calendar is for --job-install");
        return new JobRequest(job.Action, job.Name, state.JobFile) { Extra = extra, Calendar = state.Calendar };
    }

    private static SshOptions WithRemoteShell(SshOptions ssh, string? typed, string? variable) =>
        typed is not null ? ssh with { RemoteShell = SshCommandLine.Parse(typed) }
        : variable is { Length: > 0 } ? ssh with { RemoteShell = SshCommandLine.Parse(variable, "RSYNC_RSH") }
        : ssh;

    private static IReadOnlyList<Token> Tokenize(List<string> arguments)
    {
        // No RootCommand, which brings its own help, version and directives.
        Command command = new("synchop")
        {
            new Argument<string[]>("operands") { Arity = ArgumentArity.ZeroOrMore },
        };
        foreach (OptionDefinition definition in OptionTable.All)
        {
            string[] names = [.. definition.Names];
            ArgumentArity arity = definition.ValueName is null ? ArgumentArity.Zero : ArgumentArity.OneOrMore;
            command.Add(new Option<string[]>(names[0], names[1..]) { Arity = arity });
            string[] negated = [.. definition.NegatedNames];
            if (negated.Length > 0) command.Add(new Option<string[]>(negated[0], negated[1..]) { Arity = ArgumentArity.Zero });
        }

        // No response files: @name is an ordinary name.
        ParserConfiguration configuration = new() { ResponseFileTokenReplacer = null };
        ParseResult result = CommandLineParser.Parse(command, arguments, configuration);
        return result.Errors is [ParseError error, ..] ? throw CommandException.Usage(error.Message) : result.Tokens;
    }
}
