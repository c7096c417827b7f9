using System.Globalization;

namespace SyncHop.Compare.Programs;

/// <summary>
/// rclone's sftp backend, with many transfers at once. It knows no gateways: it uses a forward that was open before its
/// clock started, which is more than the others get.
/// </summary>
internal sealed class Rclone : IProgram
{
    public string Name => "rclone";

    public string Executable => "rclone";

    public IReadOnlyList<string> VersionArguments => ["rclone", "version"];

    public bool NeedsTunnel => true;

    public IReadOnlyList<string>? Command(Invocation run)
    {
        string folder = Path.GetDirectoryName(run.Config)!;
        string port = run.Tunnel.ToString(CultureInfo.InvariantCulture);
        string remote =
            $":sftp,host=127.0.0.1,port={port},user={Environment.UserName},key_file='{folder}/client-target',shell_type=none,disable_hashcheck=true:";
        string[] rclone = ["rclone", "--config", "/dev/null", "--transfers", "16", "--checkers", "16", "--sftp-concurrency", "64"];
        return run.Job switch
        {
            Job.NothingToDo or Job.Push => [.. rclone, "copy", run.Source, remote + run.Destination],
            Job.DryRun => [.. rclone, "copy", "--dry-run", run.Source, remote + run.Destination],
            Job.Pull => [.. rclone, "copy", remote + run.Source, run.Destination],
            _ => null,
        };
    }
}
