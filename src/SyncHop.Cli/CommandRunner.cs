using System.Runtime.InteropServices;
using System.Text;
using SyncHop.Cli.Completing;
using SyncHop.Cli.Jobs;
using SyncHop.Cli.Options;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Engine.Filters;

namespace SyncHop.Cli;

/// <summary>From arguments to exit code: parses, runs, and says in one line each what went wrong.</summary>
/// <param name="output">Where text goes; flushed before <see cref="Execute"/> returns.</param>
/// <param name="run">Does the synchronization.</param>
/// <param name="check">Checks the way to hosts.</param>
/// <param name="jobs">Runs jobs, and tells of them.</param>
/// <param name="complete">Answers a shell that completes words.</param>
internal sealed class CommandRunner(
    StandardOutput output,
    Func<Invocation, CancellationToken, Task<ExitCode>> run,
    Func<CheckInvocation, CancellationToken, Task<ExitCode>> check,
    Func<JobRequest, CancellationToken, Task<ExitCode>> jobs,
    Func<CompletionRequest, CancellationToken, Task<ExitCode>> complete)
{
    /// <summary>Executes a command line. Never throws.</summary>
    /// <param name="arguments">The arguments after the program's name.</param>
    /// <param name="cancellation">Cancelled by a signal.</param>
    public ExitCode Execute(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        ParsedCommand command;
        OptionState state = new();
        try
        {
            command = CommandLine.Parse(arguments, Environment.GetEnvironmentVariable("RSYNC_RSH"), state);
        }
        catch (CommandException e)
        {
            return Refused(e.Code, e.Message, e.IsNamed, state);
        }
        catch (FilterException e)
        {
            return Refused(e.Code, e.Message, e.IsNamed, state);
        }

        if (command is ParsedCommand.Run { Invocation.Options.Quiet: false } && PoptFiles.FirstForRsync(Environment.GetEnvironmentVariable("HOME")) is { } file)
            Complain($"{file}: its options for rsync are not read: synchop knows no popt aliases");
        ExitCode code = Dispatch(command, cancellation);
        output.Flush();
        // A reader that has seen enough is no failure; what cannot be written for another reason is missed by somebody. A run that did its
        // work has not failed by that, as in rsync; objects of --json are read by programs, which need all of them.
        if (output.Failure is not (0 or Posix.Epipe))
        {
            Complain($"cannot write standard output: {Marshal.GetPInvokeErrorMessage(output.Failure)} ({output.Failure})");
            if (code == ExitCode.Ok && command is not ParsedCommand.Run { Invocation.Options.Json: false }) return ExitCode.FileIo;
        }
        if (code != ExitCode.Ok && command is ParsedCommand.Run or ParsedCommand.Jobs) WriteErrorLine($"synchop {ExitCodeText.Describe(code)}");
        return code;
    }

    private ExitCode Refused(ExitCode code, string message, bool isNamed, OptionState state)
    {
        // Who reads only the log finds there what was wrong behind --log-file.
        OutputSettings.Apply(state.Sync, output);
        WriteErrorLine(isNamed ? $"synchop: {message}" : message);
        WriteErrorLine($"synchop {ExitCodeText.Describe(code)}");
        return code;
    }

    private ExitCode Dispatch(ParsedCommand command, CancellationToken cancellation)
    {
        switch (command)
        {
            case ParsedCommand.Run { Invocation: var invocation }:
                return Guard(() => run(invocation, cancellation), cancellation);
            case ParsedCommand.Check { Invocation: var invocation }:
                return Guard(() => check(invocation, cancellation), cancellation);
            case ParsedCommand.Jobs { Request: var request }:
                return Guard(() => jobs(request, cancellation), cancellation);
            case ParsedCommand.Complete { Request: var request }:
                return Guard(() => complete(request, cancellation), cancellation);
            case ParsedCommand.Inform { Wanted: var wanted }:
                output.Write(Encoding.UTF8.GetBytes(wanted switch
                {
                    Information.Help => HelpText.Render(),
                    Information.InfoFlags => FlagList.Help<InfoFlag>("info", FlagList.Describe),
                    Information.DebugFlags => FlagList.Help<DebugFlag>("debug", FlagList.Describe),
                    _ => VersionText.Render(),
                }));
                return ExitCode.Ok;
            default:
                output.WriteError(Encoding.UTF8.GetBytes(HelpText.Render()));
                return ExitCode.Usage;
        }
    }

    private ExitCode Guard(Func<Task<ExitCode>> work, CancellationToken cancellation)
    {
        try
        {
            return work().GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            (ExitCode code, string? message) = Failure.Of(e, cancellation);
            if (message is not null) Complain(message);
            return code;
        }
    }

    private void Complain(string message) => WriteErrorLine($"synchop: {message}");

    private void WriteErrorLine(string line) => output.WriteError(Encoding.UTF8.GetBytes(TerminalText.Escape(line) + "\n"));
}
