using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>An entry of the destination that can be removed.</summary>
/// <param name="Path">Its path below the destination's root.</param>
/// <param name="Type">Its kind.</param>
/// <param name="IsKept">A directory that cannot be emptied and therefore stays.</param>
/// <param name="ParentGoes">Whether the directory it is in is to be removed too.</param>
/// <param name="IsSkipped">Whether it stays because of <c>--max-delete</c>.</param>
internal readonly record struct Deletion(
    RelativePath Path, FileType Type, bool IsKept = false, bool ParentGoes = false, bool IsSkipped = false)
{
    /// <summary>Whether it is a directory, removed after its contents.</summary>
    public bool IsDirectory => Type == FileType.Directory;
}
