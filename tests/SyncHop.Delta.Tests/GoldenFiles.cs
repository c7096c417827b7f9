using System.Text.Json;

namespace SyncHop.Delta.Tests;

/// <summary>The files of FastRsyncNet in Golden/, see the README there.</summary>
internal static class GoldenFiles
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Golden");
    private static readonly JsonElement Manifest = Json("manifest.json");

    public static byte[] Bytes(string path) => File.ReadAllBytes(Path.Combine(Root, path));

    public static JsonElement Json(string path) => JsonDocument.Parse(Bytes(path)).RootElement;

    public static ByteSource Basis(string pair) => ByteSource.FromMemory(Bytes($"data/{pair}.basis"));

    public static byte[] New(string pair) => Bytes($"data/{pair}.new");

    public static IEnumerable<JsonElement> OfKind(string kind) =>
        Manifest.GetProperty("files").EnumerateArray().Where(file => file.Text("kind") == kind);

    public static JsonElement Entry(string path) =>
        Manifest.GetProperty("files").EnumerateArray().First(file => file.Text("path") == path);

    public static TheoryData<string> Paths(params string[] kinds)
    {
        TheoryData<string> paths = [];
        foreach (string kind in kinds)
            foreach (JsonElement file in OfKind(kind)) paths.Add(file.Text("path"));
        return paths;
    }

    public static string Text(this JsonElement element, string member) => element.GetProperty(member).GetString()!;

    public static FileSignature Signature(string path) => SignatureReader.Read(new MemoryStream(Bytes(path)));

    public static ContentHash Hash(string name) => ContentHashes.Parse(name);

    public static RollingChecksum Rolling(string name) => RollingChecksums.Parse(name);

    /// <summary>The README's generator.</summary>
    public static byte[] SplitMix(ulong seed, int length)
    {
        byte[] bytes = new byte[length + sizeof(ulong)];
        for (int i = 0; i < length; i += sizeof(ulong))
        {
            seed += 0x9E3779B97F4A7C15;
            ulong z = seed;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i), z);
        }
        return bytes[..length];
    }
}
