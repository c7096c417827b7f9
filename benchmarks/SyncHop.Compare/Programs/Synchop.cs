namespace SyncHop.Compare.Programs;

/// <summary>Our own program.</summary>
internal sealed class Synchop(string executable) : IProgram
{
    public string Name => "synchop";

    public string Executable => executable;

    public IReadOnlyList<string> VersionArguments => [executable, "--version"];

    public bool NeedsTunnel => false;

    public IReadOnlyList<string>? Command(Invocation run)
    {
        string there = run.Job is Job.Pull ? run.Source : run.Destination;
        string remote = $"target:{there}/";
        string[] ssh = [executable, "--ssh-config", run.Config, "--batch"];
        return run.Job switch
        {
            Job.Connect => [.. ssh, "--list-only", remote],
            Job.DryRun => [.. ssh, "-n", "-a", $"{run.Source}/", remote],
            Job.Pull => [.. ssh, "-a", remote, $"{run.Destination}/"],
            _ => [.. ssh, "-a", $"{run.Source}/", remote],
        };
    }
}
