using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Planning;

/// <summary>The first name of a file with several names (<c>--hard-links</c>): the others become links to it.</summary>
/// <param name="path">Its name in the transfer.</param>
/// <param name="destinationPath">Its name below the destination's root.</param>
/// <param name="there">What the destination has under that name and keeps; null when it is made anew.</param>
/// <param name="earlier">The earlier copy that it becomes a link to or is copied from (<c>--link-dest</c> and the like); null when there is none.</param>
internal sealed class HardLinkGroup(RelativePath path, RelativePath destinationPath, FileStat? there, BasisMatch? earlier)
{
    private readonly TaskCompletionSource<bool> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The name in the transfer.</summary>
    public RelativePath Path { get; } = path;

    /// <summary>The name below the destination's root.</summary>
    public RelativePath DestinationPath { get; } = destinationPath;

    /// <summary>Completes when the name is there with all it should be (true), or could not be made (false).</summary>
    public Task<bool> Made => _made.Task;

    /// <summary>Says whether the name is there.</summary>
    public void SetMade(bool made) => _made.TrySetResult(made);

    /// <summary>Whether an entry of the destination is a name of that very file already.</summary>
    public bool IsLinkedTo(in FileStat entry) =>
        there is FileStat stat && stat.Inode != 0 && stat.Inode == entry.Inode && stat.Device == entry.Device;

    /// <summary>The earlier copy that the name is made from; null when there is none.</summary>
    public BasisMatch? Earlier => earlier;

    /// <summary>Whether another earlier copy is a name of the very file that this name becomes a link to.</summary>
    public bool IsLinkedToEarlier(BasisMatch match) => earlier is not null && match.Quality == BasisQuality.Exact && (match.Stat.Inode != 0
        ? match.Stat.Inode == earlier.Stat.Inode && match.Stat.Device == earlier.Stat.Device
        // SFTP tells no inodes: what has other names and is all it should be counts as one of them.
        : match.Tree == earlier.Tree && match.Stat.LinkCount > 1 && earlier.Stat.LinkCount > 1);

    /// <summary>Whether an entry of the destination, which tells no inodes, may be another name of that very file.</summary>
    public bool LooksLinkedTo(in FileStat entry) => there is FileStat stat && stat.LinkCount > 1 && stat.LinkCount == entry.LinkCount
        && stat.Mode == entry.Mode && stat.Size == entry.Size && stat.Uid == entry.Uid && stat.Gid == entry.Gid && stat.MtimeSeconds == entry.MtimeSeconds;
}
