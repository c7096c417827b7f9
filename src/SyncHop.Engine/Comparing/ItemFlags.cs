namespace SyncHop.Engine.Comparing;

/// <summary>What is different about an entry, as <c>--itemize-changes</c> shows it (rsync(1), <c>-i</c>).</summary>
[Flags]
internal enum ItemFlags
{
    None = 0,
    /// <summary><c>c</c>: another checksum, or another value of a symlink or device.</summary>
    Change = 1 << 0,
    /// <summary><c>s</c>.</summary>
    Size = 1 << 1,
    /// <summary><c>t</c>, or <c>T</c> when the time will be that of the transfer.</summary>
    Time = 1 << 2,
    /// <summary><c>p</c>.</summary>
    Perms = 1 << 3,
    /// <summary><c>o</c>.</summary>
    Owner = 1 << 4,
    /// <summary><c>g</c>.</summary>
    Group = 1 << 5,
    /// <summary><c>+++++++++</c>: newly created.</summary>
    New = 1 << 6,
    /// <summary>The content is sent.</summary>
    Transfer = 1 << 7,
    /// <summary><c>c</c> in the first column: made on the destination without content being sent.</summary>
    LocalChange = 1 << 8,
    /// <summary><c>u</c>: another access time.</summary>
    AccessTime = 1 << 9,
    /// <summary><c>h</c> in the first column: made as a hard link.</summary>
    HardLink = 1 << 10,
    /// <summary>It became a hard link of an earlier name of the file.</summary>
    Relinked = 1 << 11,

    /// <summary><c>a</c>: another access control list.</summary>
    Acl = 1 << 12,
    /// <summary><c>x</c>: other extended attributes.</summary>
    Xattrs = 1 << 13,

    /// <summary>What makes an item worth a line of its own.</summary>
    Significant = Change | Size | Time | Perms | Owner | Group | AccessTime | New | Transfer | Relinked | Acl | Xattrs,
}
