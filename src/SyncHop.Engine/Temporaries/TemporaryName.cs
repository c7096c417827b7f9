using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Security.Cryptography;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Temporaries;

/// <summary>
/// Names for new content until it is complete: <c>.NAME.TAG</c> in the same directory, as rsync's <c>.NAME.XXXXXX</c>. The
/// tag is longer than rsync's: it says whose file it is, so that a later run can remove what a killed one left behind, and
/// holds a check sum over the name, so that no user's file is taken for one.
/// </summary>
public static class TemporaryName
{
    /// <summary>Letters of a tag.</summary>
    internal const int TagLetters = TagBytes / 3 * 4;

    private const int LongestName = 255; // NAME_MAX
    private const int LongestTail = 3; // bytes of a UTF-8 character after its first

    // Machine, process, start, minute (3 bytes each), random (2), check (4).
    private const int FieldBytes = RunTag.FieldBits / 8;
    private const int RandomOffset = 4 * FieldBytes;
    private const int CheckOffset = RandomOffset + 2;
    private const int TagBytes = CheckOffset + 4;
    private const long MinuteMask = (1L << RunTag.FieldBits) - 1;

    // In the place of the tag's last letter: see AsideFor.
    private const byte AsideMark = (byte)'~';

    /// <summary>A fresh temporary path for <paramref name="path"/>; a name that would be too long is cut.</summary>
    internal static RelativePath For(RelativePath path) => For(path, RunTag.Current, DateTimeOffset.UtcNow);

    /// <summary>A fresh path for what is at <paramref name="path"/> while something else takes its place; it is not taken for new content.</summary>
    public static RelativePath AsideFor(RelativePath path) => new([.. For(path).Bytes[..^1], AsideMark]);

    /// <summary>The same as <see cref="For(RelativePath)"/> for any process and time.</summary>
    internal static RelativePath For(RelativePath path, RunTag owner, DateTimeOffset now)
    {
        ReadOnlySpan<byte> name = Kept(path.Name);
        Span<byte> tag = stackalloc byte[TagBytes];
        Write(tag, 0, owner.Machine);
        Write(tag, 1, owner.ProcessId);
        Write(tag, 2, owner.Start);
        Write(tag, 3, (uint)(Minute(now) & MinuteMask));
        RandomNumberGenerator.Fill(tag[RandomOffset..CheckOffset]);
        BinaryPrimitives.WriteUInt32LittleEndian(tag[CheckOffset..], Check(name, tag));
        byte[] temporary = new byte[name.Length + TagLetters + 2];
        temporary[0] = (byte)'.';
        name.CopyTo(temporary.AsSpan(1));
        temporary[name.Length + 1] = (byte)'.';
        Base64Url.EncodeToUtf8(tag, temporary.AsSpan(name.Length + 2));
        return path.Parent.Join(temporary);
    }

    /// <summary>Reads a temporary name.</summary>
    /// <param name="name">Any name.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="age">How long ago it was made, in whole minutes, by this machine's clock.</param>
    /// <param name="now">The time now.</param>
    /// <returns>Whether it is one.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> name, DateTimeOffset now, out RunTag owner, out TimeSpan age)
    {
        owner = default;
        age = default;
        int dot = name.Length - TagLetters - 1;
        if (dot < 1 || name[0] != '.' || name[dot] != '.') return false;
        Span<byte> letters = stackalloc byte[TagLetters];
        name[(dot + 1)..].CopyTo(letters);
        bool isAside = letters[^1] == AsideMark;
        if (isAside) letters[^1] = (byte)'A';
        Span<byte> tag = stackalloc byte[TagBytes];
        if (!Base64Url.IsValid(letters, out int length) || length != TagBytes || !Base64Url.TryDecodeFromUtf8(letters, tag, out _)) return false;
        // The last letter has six bits of the check sum's last byte.
        uint mask = isAside ? 0xC0FFFFFFu : uint.MaxValue;
        uint check = BinaryPrimitives.ReadUInt32LittleEndian(tag[CheckOffset..]);
        if (((check ^ Check(name[1..dot], tag)) & mask) != 0) return false;
        owner = new RunTag(Read(tag, 0), Read(tag, 1), Read(tag, 2));
        // The difference counts round the clock of 31 years; what seems to come from the future is young.
        long minutes = (Minute(now) - Read(tag, 3)) & MinuteMask;
        age = TimeSpan.FromMinutes(minutes > MinuteMask / 2 ? 0 : minutes);
        return true;
    }

    /// <summary>Whether <paramref name="temporary"/>, a temporary name, was made for <paramref name="name"/>.</summary>
    internal static bool IsFor(ReadOnlySpan<byte> temporary, ReadOnlySpan<byte> name) =>
        temporary[^1] != AsideMark && temporary[1..^(TagLetters + 1)].SequenceEqual(Kept(name));

    /// <summary>The part of a file's name that its temporary name has room for.</summary>
    private static ReadOnlySpan<byte> Kept(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("."u8)) name = name[1..];
        int length = Math.Min(name.Length, LongestName - TagLetters - 2);
        // Do not cut a UTF-8 character in two: some file systems refuse such names.
        for (int i = 0; i < LongestTail && length > 0 && length < name.Length && (name[length] & 0xC0) == 0x80; i++) length--;
        return name[..length];
    }

    private static uint Check(ReadOnlySpan<byte> name, ReadOnlySpan<byte> tag)
    {
        XxHash3 hash = new();
        hash.Append("synchop temporary file"u8);
        hash.Append(tag[..CheckOffset]);
        hash.Append(name);
        return (uint)hash.GetCurrentHashAsUInt64();
    }

    private static long Minute(DateTimeOffset time) => time.ToUnixTimeSeconds() / 60;

    private static void Write(Span<byte> tag, int field, uint value)
    {
        for (int i = 0; i < FieldBytes; i++) tag[(field * FieldBytes) + i] = (byte)(value >> (8 * i));
    }

    private static uint Read(ReadOnlySpan<byte> tag, int field)
    {
        uint value = 0;
        for (int i = 0; i < FieldBytes; i++) value |= (uint)tag[(field * FieldBytes) + i] << (8 * i);
        return value;
    }
}
