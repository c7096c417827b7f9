namespace SyncHop.Engine.Contract;

/// <summary>An extended attribute (xattr(7)).</summary>
/// <param name="Name">Its name with the namespace: <c>user.comment</c>.</param>
/// <param name="Value">Its value; where <paramref name="Whole"/> is not null a digest of it.</param>
/// <param name="Whole">Reads a value that is too long to be kept for every entry of a list; throws <see cref="ReplicaException"/>. null otherwise.</param>
public sealed record ExtendedAttribute(byte[] Name, byte[] Value, Func<byte[]>? Whole = null)
{
    /// <summary>Whether name and value are the same.</summary>
    public bool IsSameAs(ExtendedAttribute other) =>
        Name.AsSpan().SequenceEqual(other.Name) && Value.AsSpan().SequenceEqual(other.Value) && (Whole is null) == (other.Whole is null);
}

/// <summary>What an entry has besides its stat: extended attributes and access control lists, as far as they were asked for.</summary>
/// <param name="Attributes">The extended attributes, by name.</param>
/// <param name="Access">The access control list; null where the mode says it all.</param>
/// <param name="Default">A directory's list for what is made in it; null for none.</param>
public sealed record ExtendedAttributes(
    IReadOnlyList<ExtendedAttribute> Attributes, AccessControlList? Access = null, AccessControlList? Default = null)
{
    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => Attributes.Count == 0 && Access is null && Default is null;

    /// <summary>Whether two entries, either of which may have none, have the same extended attributes.</summary>
    public static bool HaveSameAttributes(ExtendedAttributes? one, ExtendedAttributes? other)
    {
        IReadOnlyList<ExtendedAttribute> mine = one?.Attributes ?? [], theirs = other?.Attributes ?? [];
        if (mine.Count != theirs.Count) return false;
        for (int i = 0; i < mine.Count; i++)
        {
            if (!mine[i].IsSameAs(theirs[i])) return false;
        }
        return true;
    }

    /// <summary>Whether two entries, either of which may have none, have the same lists, the mode's bits aside.</summary>
    public static bool HaveSameLists(ExtendedAttributes? one, ExtendedAttributes? other) =>
        AccessControlList.AreEqualBesidesMode(one?.Access, other?.Access) && AccessControlList.AreEqual(one?.Default, other?.Default);
}

/// <summary>Which extended attributes and lists are asked for.</summary>
/// <param name="Lists">Whether access control lists are.</param>
/// <param name="TakesAttribute">Which extended attributes are, by name; null for none.</param>
public sealed record ExtendedSelection(bool Lists, Predicate<byte[]>? TakesAttribute);

/// <summary>What an entry is to have besides its stat.</summary>
public sealed record ExtendedChange
{
    /// <summary>The extended attributes it is to have; of those that <see cref="Selection"/> takes others are removed. null: they stay.</summary>
    public IReadOnlyList<ExtendedAttribute>? Attributes { get; init; }

    /// <summary>Which of those that are there may be removed.</summary>
    public required ExtendedSelection Selection { get; init; }

    /// <summary>Whether it is to have <see cref="Access"/> and no other access control list.</summary>
    public bool SetsAccess { get; init; }

    /// <summary>The access control list; null for none but the mode.</summary>
    public AccessControlList? Access { get; init; }

    /// <summary>The mode that <see cref="Access"/> is from, where it is to be adapted to the one that the entry has by then, as nothing sets that; null where it is right as it is.</summary>
    public uint? AdaptsFrom { get; init; }

    /// <summary>Whether it is to have <see cref="Default"/> and no other list for what is made in it.</summary>
    public bool SetsDefault { get; init; }

    /// <summary>A directory's list for what is made in it; null for none.</summary>
    public AccessControlList? Default { get; init; }
}
