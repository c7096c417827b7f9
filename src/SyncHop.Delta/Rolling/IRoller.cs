namespace SyncHop.Delta;

/// <summary>
/// A window's sums while it moves through a file byte by byte. The key is the checksum without the constants 1 and n, so that rolling
/// need not carry them; <see cref="KeyOf"/> takes them out of a stored checksum once.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal interface IRoller<TSelf>
    where TSelf : struct, IRoller<TSelf>
{
    /// <summary>Takes a window as a whole.</summary>
    static abstract TSelf Start(ReadOnlySpan<byte> window);

    /// <summary>The key of a stored checksum of a block of that many bytes.</summary>
    static abstract uint KeyOf(uint checksum, int length);

    /// <summary>What identifies the window's content in the index.</summary>
    uint Key { get; }

    /// <summary>Moves the window by one byte.</summary>
    void Roll(byte leaving, byte entering);

    /// <summary>
    /// Moves the window by all the leaving bytes and stores the keys of all windows on the way: one before the first step, and one
    /// after each.
    /// </summary>
    static abstract void RollAll(ref TSelf window, ReadOnlySpan<byte> leaving, ReadOnlySpan<byte> entering, Span<uint> keys);
}
