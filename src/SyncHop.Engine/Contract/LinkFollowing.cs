namespace SyncHop.Engine.Contract;

/// <summary>Which symlinks below a tree's root are followed. What changes a tree never follows one that leads out of it.</summary>
public enum LinkFollowing
{
    /// <summary>None.</summary>
    None,

    /// <summary>On the way to an entry those with a relative target that stays in the tree (<c>--keep-dirlinks</c>); another one is an error.</summary>
    Beneath,

    /// <summary>All on the way to what is read (<c>--copy-dirlinks</c>); on the way to what is changed as <see cref="Beneath"/>.</summary>
    Directories,

    /// <summary>The same, and a symlink to a file is opened as that file (<c>--copy-links</c>).</summary>
    Everything,
}
