namespace SyncHop.Compare.Programs;

/// <summary>lftp's mirror over ssh -J, several files and several parts of a file at once.</summary>
internal sealed class Lftp : IProgram
{
    public string Name => "lftp";

    public string Executable => "lftp";

    public IReadOnlyList<string> VersionArguments => ["lftp", "--version"];

    public bool NeedsTunnel => false;

    public IReadOnlyList<string>? Command(Invocation run)
    {
        const string mirror = "mirror --parallel=8";
        string? command = run.Job switch
        {
            Job.NothingToDo or Job.Push => $"{mirror} -R {run.Source} {run.Destination}",
            Job.DryRun => $"{mirror} -R --dry-run {run.Source} {run.Destination}",
            Job.Pull => $"{mirror} --use-pget-n=8 {run.Source} {run.Destination}",
            _ => null,
        };
        string settings = $"set sftp:connect-program \"ssh -a -x -F {run.Config}\"; set net:max-retries 1; set sftp:max-packets-in-flight 256";
        return command is null ? null : ["lftp", "--norc", "-c", $"{settings}; open sftp://target; {command}"];
    }
}
