namespace SyncHop.Engine.Contract;

/// <summary>
/// The attributes to give an entry; what is null stays as it is. A replica applies owner and group first, then
/// extended attributes and lists, then permissions (chown clears setuid), then the modification time.
/// </summary>
public readonly record struct AttributeChange
{
    /// <summary>Permission bits (07777).</summary>
    public uint? Permissions { get; init; }

    /// <summary>Modification time.</summary>
    public Timestamp? Mtime { get; init; }

    /// <summary>Access time.</summary>
    public Timestamp? Atime { get; init; }

    /// <summary>Owner.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group.</summary>
    public uint? Gid { get; init; }

    /// <summary>Extended attributes and access control lists; only where <see cref="IReplica.ReadExtendedAsync"/> works.</summary>
    public ExtendedChange? Extended { get; init; }

    /// <summary>A directory's list for what is made in it, which must be there before that; null where it stays.</summary>
    public ExtendedChange? Inheritance => Extended is { SetsDefault: true } ? Extended with { Attributes = null, SetsAccess = false } : null;

    /// <summary>All but <see cref="Inheritance"/>.</summary>
    public AttributeChange WithoutInheritance => this with { Extended = Extended is { SetsDefault: true, SetsAccess: false, Attributes: null } ? null : Extended is null ? null : Extended with { SetsDefault = false } };

    /// <summary>Whether nothing is to be changed.</summary>
    public bool IsEmpty => Permissions is null && Mtime is null && Atime is null && Uid is null && Gid is null && Extended is null;
}

/// <summary>A point in time as file systems keep it.</summary>
/// <param name="Seconds">Seconds since 1970 UTC; may be negative.</param>
/// <param name="Nanoseconds">0 to 999,999,999.</param>
public readonly record struct Timestamp(long Seconds, int Nanoseconds);
