namespace SyncHop.Delta.Tests;

/// <summary>Signature, delta and patch through their files.</summary>
internal static class RoundTrip
{
    /// <summary>Bytes of a delta file before its commands are at most this: magic, version and metadata.</summary>
    private const int LongestHeader = 350;

    public static FileDelta Check(byte[] basis, byte[] newFile, SignatureOptions? options = null, int workers = 2)
    {
        MemoryStream signatureFile = new();
        FileSignature built = SignatureBuilder.Build(ByteSource.FromMemory(basis), (options ?? new()) with { Workers = workers });
        SignatureWriter.Write(built, signatureFile);
        signatureFile.Position = 0;
        FileSignature signature = SignatureReader.Read(signatureFile);
        Assert.Equal(basis.Length, signature.Length);

        ByteSource newSource = ByteSource.FromMemory(newFile);
        FileDelta delta = DeltaBuilder.Build(signature, newSource, new DeltaOptions { Workers = workers });
        MemoryStream deltaFile = new();
        DeltaWriter.Write(delta, newSource, deltaFile);
        Assert.Equal(newFile.Length, delta.Commands.Sum(command => command.Length));
        Assert.Equal(newFile.Length, delta.Length);
        long commandBytes = delta.LiteralBytes + delta.Commands.Sum(command => command.IsCopy ? 17 : 9);
        Assert.InRange(deltaFile.Length - commandBytes, 0, LongestHeader);
        Assert.True(commandBytes <= newFile.Length + 9);

        deltaFile.Position = 0;
        MemoryStream output = new();
        Patch.Apply(ByteSource.FromMemory(basis), deltaFile, output);
        Assert.True(newFile.AsSpan().SequenceEqual(output.ToArray()));
        return delta;
    }
}
