using System.Security.Cryptography;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution;

/// <summary>Names for new content until it is complete: <c>.NAME.XXXXXX</c> in the same directory, as rsync's.</summary>
internal static class TemporaryName
{
    private const int LongestName = 255; // NAME_MAX
    private const int RandomLetters = 6;
    private const int LongestTail = 3; // bytes of a UTF-8 character after its first

    /// <summary>A fresh temporary path for <paramref name="path"/>; a name that would be too long is cut.</summary>
    public static RelativePath For(RelativePath path)
    {
        ReadOnlySpan<byte> name = path.Name;
        if (name.StartsWith("."u8)) name = name[1..];
        int length = Math.Min(name.Length, LongestName - RandomLetters - 2);
        // Do not cut a UTF-8 character in two: some file systems refuse such names.
        for (int i = 0; i < LongestTail && length > 0 && length < name.Length && (name[length] & 0xC0) == 0x80; i++) length--;
        name = name[..length];
        byte[] temporary = new byte[name.Length + RandomLetters + 2];
        temporary[0] = (byte)'.';
        name.CopyTo(temporary.AsSpan(1));
        temporary[name.Length + 1] = (byte)'.';
        RandomNumberGenerator.GetItems("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"u8, temporary.AsSpan(name.Length + 2));
        return path.Parent.Join(temporary);
    }
}
