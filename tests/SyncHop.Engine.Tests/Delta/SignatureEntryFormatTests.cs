using System.Buffers.Binary;
using CsCheck;
using SyncHop.Delta;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Signatures;

namespace SyncHop.Engine.Tests.Delta;

/// <summary>Entries come from a file that anybody may have damaged.</summary>
public sealed class SignatureEntryFormatTests
{
    private static SignatureEntry Entry(int length = 10_000) => new(
        "/home/me/file"u8.ToArray(), length, 1_700_000_000, 1_700_000_100,
        SignatureBuilder.Build(ByteSource.FromMemory(Samples.Random(length)), new SignatureOptions { BlockLength = 128 }));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    public void What_is_written_is_read(int length)
    {
        SignatureEntry entry = Entry(length);
        byte[] bytes = Encode(entry);
        SignatureEntry read = Decode(bytes)!;

        Assert.Equal(entry.Path, read.Path);
        Assert.Equal((entry.Size, entry.Mtime, entry.SignedAt), (read.Size, read.Mtime, read.SignedAt));
        Assert.Equal(entry.Signature.Hash, read.Signature.Hash);
        Assert.Equal(entry.Signature.BlockCount, read.Signature.BlockCount);
        Assert.Equal(bytes.Length, SignatureEntryFormat.LengthOf(entry));
        Assert.InRange(bytes.Length, 1, SignatureEntryFormat.LongestEntry(length, entry.Path.Length));
    }

    [Fact]
    public void A_single_damaged_byte_makes_it_no_entry()
    {
        byte[] bytes = Encode(Entry());
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte[1, 255]).Sample((index, change) =>
        {
            byte[] damaged = [.. bytes];
            damaged[index] ^= change;
            Assert.Null(Decode(damaged));
        });
    }

    [Fact]
    public void A_part_of_an_entry_is_none()
    {
        byte[] bytes = Encode(Entry());
        Gen.Int[0, bytes.Length - 1].Sample(length => Assert.Null(Decode(bytes[..length])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SignatureEntryFormat.Version + 1)]
    public void Another_version_is_none(uint version)
    {
        byte[] bytes = Encode(Entry());
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), version);
        System.IO.Hashing.XxHash128.Hash(bytes.AsSpan(0, bytes.Length - 16), bytes.AsSpan(bytes.Length - 16));
        Assert.Null(Decode(bytes));
    }

    [Theory]
    [InlineData(10_000, 1_000, 2_000, true)]
    [InlineData(10_001, 1_000, 2_000, false)]
    [InlineData(10_000, 1_001, 2_000, false)]
    [InlineData(10_000, 1_000, 1_003, true)]
    [InlineData(10_000, 1_000, 1_002, false)] // changed in the same second it would look the same
    [InlineData(10_000, 1_000, 900, false)]
    public void Only_a_file_of_that_size_and_time_is_described_and_only_when_it_was_old_enough(long size, long mtime, long signedAt, bool describes)
    {
        SignatureEntry entry = Entry() with { Mtime = 1_000, SignedAt = signedAt };
        FileStat stat = new() { Mode = FileStat.TypeBits(FileType.Regular) | 0x1A4, Size = size, MtimeSeconds = mtime };
        Assert.Equal(describes, entry.Describes(stat));
    }

    private static byte[] Encode(SignatureEntry entry)
    {
        MemoryStream stream = new();
        SignatureEntryFormat.Write(entry, stream);
        return stream.ToArray();
    }

    private static SignatureEntry? Decode(byte[] bytes) => SignatureEntryFormat.Read(new MemoryStream(bytes), bytes.Length);
}
