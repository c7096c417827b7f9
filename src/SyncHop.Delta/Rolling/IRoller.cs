namespace SyncHop.Delta;

/// <summary>
/// A window's sums while it moves through a file byte by byte. The key is the checksum without the constants 1 and n, so that rolling
/// need not carry them; <see cref="KeyOf"/> takes them out of a stored checksum once.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal interface IRoller<TSelf>
    where TSelf : struct, IRoller<TSelf>
{
    /// <summary>Makes a roller for windows of that many bytes.</summary>
    static abstract TSelf Create(int length);

    /// <summary>The key of a stored checksum of a block of that many bytes.</summary>
    static abstract uint KeyOf(uint checksum, int length);

    /// <summary>What identifies the window's content in the index.</summary>
    uint Key { get; }

    /// <summary>Takes a window as a whole.</summary>
    void Start(ReadOnlySpan<byte> window);

    /// <summary>Moves the window by one byte.</summary>
    void Roll(byte leaving, byte entering);
}
