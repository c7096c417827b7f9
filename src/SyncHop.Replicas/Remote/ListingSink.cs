using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>Collects a directory's entries; what a hostile server names is refused here.</summary>
internal sealed class ListingSink : ISftpDirectorySink
{
    private const int LongestName = 255; // NAME_MAX

    /// <summary>What was listed.</summary>
    public FileList List { get; } = new();

    /// <summary>Whether the server left the mode of some entry out.</summary>
    public bool LacksModes { get; private set; }

    /// <inheritdoc/>
    public void OnEntry(ReadOnlySpan<byte> name, in SftpAttributes attributes)
    {
        if (name.Length > LongestName)
        {
            OnRefusedName(name[..LongestName]);
            return;
        }
        LacksModes |= !attributes.HasPermissions;
        List.Add(name, SftpStat.ToStat(attributes));
    }

    /// <inheritdoc/>
    public void OnRefusedName(ReadOnlySpan<byte> name) => List.AddProblem(new ListProblem(
        name.ToArray(), new ReplicaException(ReplicaError.Other, "readdir", "the server sent a name that no file can have")));
}
