namespace SyncHop.Compare.Programs;

/// <summary>rsync over ssh -J; connecting alone is ssh's.</summary>
internal sealed class Rsync : IProgram
{
    public string Name => "rsync";

    public string Executable => "rsync";

    public IReadOnlyList<string> VersionArguments => ["rsync", "--version"];

    public bool NeedsTunnel => false;

    public IReadOnlyList<string>? Command(Invocation run)
    {
        string[] rsync = ["rsync", "-a", "-e", $"ssh -F {run.Config}"];
        return run.Job switch
        {
            Job.Connect => null,
            Job.DryRun => [.. rsync, "-n", $"{run.Source}/", $"target:{run.Destination}/"],
            Job.Pull => [.. rsync, $"target:{run.Source}/", $"{run.Destination}/"],
            _ => [.. rsync, $"{run.Source}/", $"target:{run.Destination}/"],
        };
    }
}
