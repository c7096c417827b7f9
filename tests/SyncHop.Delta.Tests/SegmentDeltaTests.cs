namespace SyncHop.Delta.Tests;

/// <summary>A delta made of segments that pass by is as good as one of the whole file.</summary>
public sealed class SegmentDeltaTests
{
    private const int Length = 5_000_123;

    private static readonly byte[] Basis = GoldenFiles.SplitMix(7, Length);

    public static TheoryData<string> Changes => ["none", "shifted", "appended", "swapped", "edited", "cut", "short", "other", "empty"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void The_commands_make_the_new_file_with_few_literal_bytes(string change)
    {
        byte[] newFile = Change(change);
        FileSignature signature = SignatureBuilder.Build(ByteSource.FromMemory(Basis), new SignatureOptions { BlockLength = 1000 });
        long whole = DeltaBuilder.Build(signature, ByteSource.FromMemory(newFile)).LiteralBytes;

        (byte[] made, long literal) = Apply(signature, newFile);

        Assert.True(newFile.AsSpan().SequenceEqual(made));
        Assert.Equal(whole, literal);
    }

    [Fact]
    public void An_empty_basis_has_nothing_to_copy()
    {
        FileSignature signature = SignatureBuilder.Build(ByteSource.FromMemory(default));
        (byte[] made, long literal) = Apply(signature, Basis);
        Assert.True(Basis.AsSpan().SequenceEqual(made));
        Assert.Equal(Basis.Length, literal);
    }

    private static byte[] Change(string change)
    {
        byte[] edited = [.. Basis];
        for (int i = 50_500; i < edited.Length; i += 100_000) edited[i] ^= 1;
        return change switch
        {
            "none" => Basis,
            "shifted" => [1, 2, 3, .. Basis],
            "appended" => [.. Basis, .. "appended"u8],
            "swapped" => [.. Basis[2_500_000..], .. Basis[..2_500_000]],
            "edited" => edited,
            "cut" => Basis[..^1777],
            "short" => Basis[^500..],
            "empty" => [],
            _ => GoldenFiles.SplitMix(8, Length),
        };
    }

    private static (byte[] Made, long Literal) Apply(FileSignature signature, byte[] newFile)
    {
        SegmentDelta delta = new(signature);
        MemoryStream made = new();
        long literal = 0;
        int segments = Math.Max(1, newFile.Length / delta.SegmentLength);
        for (int i = 0; i < segments; i++)
        {
            int start = i * delta.SegmentLength;
            bool isLast = i == segments - 1;
            int length = isLast ? newFile.Length - start : delta.SegmentLength;
            int behind = isLast ? 0 : Math.Min(delta.LookAhead, newFile.Length - start - length);
            foreach (DeltaCommand command in delta.Settle(delta.Scan(newFile.AsSpan(start, length + behind), length, start, isLast), start))
            {
                if (!command.IsCopy) literal += command.Length;
                byte[] from = command.IsCopy ? Basis : newFile;
                made.Write(from, (int)(command.IsCopy ? command.BasisOffset : made.Length), (int)command.Length);
            }
        }
        return (made.ToArray(), literal);
    }
}
