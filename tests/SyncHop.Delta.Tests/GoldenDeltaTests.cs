using System.Text.Json;

namespace SyncHop.Delta.Tests;

/// <summary>FastRsyncNet's and Octodiff's deltas apply, and ours against their signatures are no worse.</summary>
public sealed class GoldenDeltaTests
{
    public static TheoryData<string> All => GoldenFiles.Paths("delta", "older-delta", "octodiff-delta");

    public static TheoryData<string> Signatures => GoldenFiles.Paths("signature", "octodiff-signature");

    [Theory]
    [MemberData(nameof(All))]
    public void Theirs_apply(string path)
    {
        string pair = GoldenFiles.Entry(path).Text("pair");
        Assert.Equal(GoldenFiles.New(pair), Applied(pair, path));
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void Ours_from_their_signatures_apply_and_are_no_larger(string path)
    {
        string pair = GoldenFiles.Entry(path).Text("pair");
        ByteSource newFile = ByteSource.FromMemory(GoldenFiles.New(pair));
        FileDelta delta = DeltaBuilder.Build(GoldenFiles.Signature(path), newFile, new DeltaOptions { FileHash = ContentHash.Md5 });
        MemoryStream written = new();
        DeltaWriter.Write(delta, newFile, written);
        written.Position = 0;
        MemoryStream output = new();
        Patch.Apply(GoldenFiles.Basis(pair), written, output);
        Assert.Equal(GoldenFiles.New(pair), output.ToArray());

        JsonElement theirs = GoldenFiles.OfKind(path.StartsWith("octo", StringComparison.Ordinal) ? "octodiff-delta" : "delta")
            .FirstOrDefault(file => file.Text("signature") == path && !file.Text("path").Contains('.' + "skip", StringComparison.Ordinal));
        // The golden files have not a delta for every signature.
        if (theirs.ValueKind == JsonValueKind.Undefined) return;
        Assert.True(CommandBytes(delta) <= TheirCommandBytes(theirs), $"{CommandBytes(delta)} against {TheirCommandBytes(theirs)}");
    }

    /// <summary>Where there is nothing to find that FastRsyncNet misses, even the bytes are the same.</summary>
    [Theory]
    [InlineData("exact")]
    [InlineData("moved")]
    [InlineData("plus")]
    [InlineData("empty-to-data")]
    [InlineData("different")]
    [InlineData("identical")]
    public void Ours_have_the_same_bytes(string pair)
    {
        ByteSource newFile = ByteSource.FromMemory(GoldenFiles.New(pair));
        FileSignature signature = GoldenFiles.Signature($"sig/{pair}.XXH64.Adler32.2048.sig");
        MemoryStream written = new();
        DeltaWriter.Write(DeltaBuilder.Build(signature, newFile, new DeltaOptions { FileHash = ContentHash.Md5 }), newFile, written);
        Assert.Equal(GoldenFiles.Bytes($"delta/{pair}.XXH64.Adler32.2048.delta"), written.ToArray());
    }

    [Theory]
    [InlineData("no-lengths", "main")]
    [InlineData("xxh3-expected", "main")]
    [InlineData("zero-length-commands", "tiny")]
    public void Odd_deltas_apply(string name, string pair) =>
        Assert.Equal(GoldenFiles.New(pair), Applied(pair, $"edge/{name}.delta"));

    [Theory]
    [InlineData("truncated-data", DeltaError.Malformed, "a data command is cut off")]
    [InlineData("unknown-command", DeltaError.Malformed, "unknown command 0x61")]
    [InlineData("wrong-expected-hash", DeltaError.WrongResult, "has not the MD5 hash")]
    [InlineData("bad-base64", DeltaError.Malformed, "expectedFileHash is not base64")]
    [InlineData("copy-past-end", DeltaError.Malformed, "the delta makes a file of at least")]
    [InlineData("negative-copy", DeltaError.Malformed, "a copy command has a negative number")]
    [InlineData("wrong-base-length", DeltaError.WrongBasis, "is for a basis of 65658 bytes, this one has 65659")]
    [InlineData("target-too-long", DeltaError.Malformed, "it makes 66083 bytes instead of")]
    [InlineData("empty-expected", DeltaError.Malformed, "the metadata has no expectedFileHash")]
    public void Damage_is_named(string name, DeltaError error, string message)
    {
        string path = $"edge/{name}.delta";
        DeltaException thrown = Assert.Throws<DeltaException>(() => Applied(GoldenFiles.Entry(path).Text("pair"), path));
        Assert.Equal(error, thrown.Error);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_edge_file_has_its_test()
    {
        IEnumerable<string> named = typeof(GoldenDeltaTests).GetMethods().Concat(typeof(GoldenSignatureTests).GetMethods())
            .Where(method => method.Name is nameof(Damage_is_named) or nameof(Odd_deltas_apply) or "Odd_metadata_is_accepted")
            .SelectMany(method => method.GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>())
            .Select(attribute => (string)attribute.Data[0]!);
        IEnumerable<string> files = GoldenFiles.OfKind("edge-delta").Concat(GoldenFiles.OfKind("edge-signature"))
            .Select(file => Path.GetFileNameWithoutExtension(file.Text("path")));
        Assert.Equal(files.Order(), named.Order());
    }

    private static byte[] Applied(string pair, string path)
    {
        MemoryStream output = new();
        Patch.Apply(GoldenFiles.Basis(pair), new MemoryStream(GoldenFiles.Bytes(path)), output);
        return output.ToArray();
    }

    private static long CommandBytes(FileDelta delta) =>
        delta.LiteralBytes + delta.Commands.Sum(command => command.IsCopy ? 17 : 9);

    private static long TheirCommandBytes(JsonElement delta) =>
        delta.TryGetProperty("commands", out JsonElement commands)
            ? commands.EnumerateArray().Sum(c => c[0].GetString() == "copy" ? 17 : 9 + c[1].GetInt64())
            : long.MaxValue;
}
