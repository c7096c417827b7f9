namespace SyncHop.Compare.Programs;

/// <summary>ssh -J gw target true: what connecting takes.</summary>
internal sealed class Ssh : IProgram
{
    public string Name => "ssh";

    public string Executable => "ssh";

    public IReadOnlyList<string> VersionArguments => ["ssh", "-V"];

    public bool NeedsTunnel => false;

    public IReadOnlyList<string>? Command(Invocation run) =>
        run.Job == Job.Connect ? ["ssh", "-F", run.Config, "target", "true"] : null;
}
