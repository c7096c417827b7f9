namespace SyncHop.Compare.Programs;

/// <summary>OpenSSH's sftp in batch mode, with more and larger requests under way than it has by default.</summary>
internal sealed class Sftp : IProgram
{
    public string Name => "sftp";

    public string Executable => "sftp";

    public IReadOnlyList<string> VersionArguments => ["ssh", "-V"];

    public bool NeedsTunnel => false;

    public IReadOnlyList<string>? Command(Invocation run)
    {
        string? command = run.Job switch
        {
            Job.Push => $"put -pR {run.Source} {run.Destination}\n",
            Job.Pull => $"get -pR {run.Source} {run.Destination}\n",
            _ => null,
        };
        if (command is null) return null;
        string batch = Path.Combine(run.Scratch, "sftp-batch");
        File.WriteAllText(batch, command);
        return ["sftp", "-F", run.Config, "-R", "256", "-B", "261120", "-b", batch, "target"];
    }
}
