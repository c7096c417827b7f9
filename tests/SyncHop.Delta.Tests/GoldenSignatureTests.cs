using System.Text.Json;

namespace SyncHop.Delta.Tests;

/// <summary>FastRsyncNet's and Octodiff's signatures: read, and written byte for byte.</summary>
public sealed class GoldenSignatureTests
{
    public static TheoryData<string> Current => GoldenFiles.Paths("signature");

    public static TheoryData<string> All => GoldenFiles.Paths("signature", "older-signature", "octodiff-signature");

    [Theory]
    [MemberData(nameof(Current))]
    public void We_write_the_same_bytes(string path)
    {
        JsonElement entry = GoldenFiles.Entry(path);
        SignatureOptions options = new()
        {
            BlockLength = entry.GetProperty("chunkSize").GetInt32(),
            BlockHash = GoldenFiles.Hash(entry.Text("hash")),
            Rolling = GoldenFiles.Rolling(entry.Text("rolling")),
            FileHash = ContentHash.Md5,
        };
        byte[] expected = GoldenFiles.Bytes(path);
        ByteSource basis = GoldenFiles.Basis(entry.Text("pair"));
        Assert.Equal(expected, Written(SignatureBuilder.Build(basis, options)));

        byte[] data = GoldenFiles.Bytes($"data/{entry.Text("pair")}.basis");
        using SignatureAccumulator accumulator = new(options, data.Length);
        foreach (byte[] piece in data.Chunk(700)) accumulator.Append(piece);
        Assert.Equal(expected, Written(accumulator.Finish()));
        Assert.Equal(expected, Written(GoldenFiles.Signature(path)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void We_read_all_blocks(string path)
    {
        JsonElement entry = GoldenFiles.Entry(path);
        string pair = entry.Text("pair");
        byte[] basis = GoldenFiles.Bytes($"data/{pair}.basis");
        FileSignature signature = GoldenFiles.Signature(path);
        Assert.Equal(basis.Length, signature.Length);
        Assert.Equal(entry.GetProperty("chunkCount").GetInt32(), signature.BlockCount);
        for (int block = 0; block < signature.BlockCount; block++)
        {
            byte[] data = basis.AsSpan((int)signature.StartOf(block), signature.LengthOf(block)).ToArray();
            Assert.Equal(RollingChecksums.Compute(signature.Rolling, data), signature.WeakOf(block));
            Assert.True(signature.Blocks.Matches(block, data));
        }
    }

    [Theory]
    [InlineData("extra-json-field")]
    [InlineData("pascal-case")]
    [InlineData("no-basehash")]
    public void Odd_metadata_is_accepted(string name) => Assert.Equal(1, GoldenFiles.Signature($"edge/{name}.sig").BlockCount);

    [Theory]
    [InlineData("truncated-chunk", DeltaError.Malformed, "the signature file is damaged: the last block is cut off")]
    [InlineData("bad-magic", DeltaError.Malformed, "this is not a signature file")]
    [InlineData("version2", DeltaError.Unsupported, "version 2")]
    [InlineData("unknown-hash", DeltaError.Unsupported, "unknown hash algorithm 'BLAKE3'")]
    [InlineData("negative-length", DeltaError.Malformed, "a block has a negative length")]
    [InlineData("null-metadata", DeltaError.Malformed, "the metadata is not a JSON object")]
    public void Damage_is_named(string name, DeltaError error, string message)
    {
        DeltaException thrown = Assert.Throws<DeltaException>(() => GoldenFiles.Signature($"edge/{name}.sig"));
        Assert.Equal(error, thrown.Error);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    private static byte[] Written(FileSignature signature)
    {
        MemoryStream output = new();
        SignatureWriter.Write(signature, output);
        return output.ToArray();
    }
}
