namespace SyncHop.Engine;

/// <summary>What <c>--info</c> speaks of (rsync(1)).</summary>
public enum InfoFlag
{
    /// <summary>Files backed up.</summary>
    Backup,
    /// <summary>Files copied locally on the receiving side.</summary>
    Copy,
    /// <summary>Deletions.</summary>
    Del,
    /// <summary>The file list's beginning.</summary>
    Flist,
    /// <summary>Miscellaneous.</summary>
    Misc,
    /// <summary>Mount points found or skipped.</summary>
    Mount,
    /// <summary>1: names of what is updated; 2: of what is not, too.</summary>
    Name,
    /// <summary>Kinds of entry that are skipped.</summary>
    Nonreg,
    /// <summary>1: each file's progress; 2: the whole transfer's.</summary>
    Progress,
    /// <summary>Files removed on the sending side.</summary>
    Remove,
    /// <summary>Files skipped because of options; 2: and why they would have been transferred.</summary>
    Skip,
    /// <summary>1: totals; 2: all figures.</summary>
    Stats,
    /// <summary>Symlinks that are unsafe.</summary>
    Symsafe,
}

/// <summary>What <c>--debug</c> speaks of (rsync(1)). Most are about rsync's own inside and say nothing here.</summary>
public enum DebugFlag
{
    /// <summary>Access control lists.</summary>
    Acl,
    /// <summary>Backups.</summary>
    Backup,
    /// <summary>Sockets.</summary>
    Bind,
    /// <summary>The current directory.</summary>
    Chdir,
    /// <summary>Connections.</summary>
    Connect,
    /// <summary>Commands that are issued.</summary>
    Cmd,
    /// <summary>Deletions: here the directories named as sources, where removals come before or after all else.</summary>
    Del,
    /// <summary>Delta transmission: here the closing line of what was matched.</summary>
    Deltasum,
    /// <summary>Duplicate names.</summary>
    Dup,
    /// <summary>How the program ends.</summary>
    Exit,
    /// <summary>Filters.</summary>
    Filter,
    /// <summary>The file list: here whether delta transmission is on.</summary>
    Flist,
    /// <summary>Fuzzy matching.</summary>
    Fuzzy,
    /// <summary>The generator.</summary>
    Genr,
    /// <summary>Hash tables.</summary>
    Hash,
    /// <summary>Hard links.</summary>
    Hlink,
    /// <summary>Character sets.</summary>
    Iconv,
    /// <summary>Input and output.</summary>
    Io,
    /// <summary>Negotiated strings.</summary>
    Nstr,
    /// <summary>Owners.</summary>
    Own,
    /// <summary>The protocol.</summary>
    Proto,
    /// <summary>The receiver.</summary>
    Recv,
    /// <summary>The sender.</summary>
    Send,
    /// <summary>Times.</summary>
    Time,
}
