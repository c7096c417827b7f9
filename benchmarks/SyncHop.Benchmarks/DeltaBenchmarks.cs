using System.IO.Hashing;
using BenchmarkDotNet.Attributes;
using SyncHop.Delta;

namespace SyncHop.Benchmarks;

/// <summary>
/// Signature, delta and patch of 64 MiB in memory, with XXH3 over the same bytes as the yardstick. Run with
/// <c>dotnet run -c Release --project benchmarks/SyncHop.Benchmarks -- --filter '*'</c>.
/// </summary>
public class DeltaBenchmarks
{
    private const int Length = 64 << 20;

    private readonly SignatureOptions _options = new() { BlockLength = 2048 };
    private byte[] _basis = [];
    private ByteSource _source = ByteSource.FromMemory(default);
    private FileSignature _signature = null!;
    private ByteSource _newFile = ByteSource.FromMemory(default);
    private byte[] _delta = [];

    /// <summary>How the new file differs.</summary>
    public enum Change
    {
        /// <summary>Not at all.</summary>
        None,

        /// <summary>Three bytes were put before it.</summary>
        Shifted,

        /// <summary>1 % is new, in places of 4 KiB.</summary>
        Scattered,

        /// <summary>Nothing is the same.</summary>
        All,
    }

    /// <summary>How the new file differs.</summary>
    [ParamsAllValues]
    public Change Kind { get; set; }

    /// <summary>Makes both files.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        Random random = new(1);
        _basis = new byte[Length];
        random.NextBytes(_basis);
        byte[] newFile = Kind == Change.Shifted ? [1, 2, 3, .. _basis] : [.. _basis];
        if (Kind == Change.All) random.NextBytes(newFile);
        if (Kind == Change.Scattered)
        {
            for (int i = 0; i < Length / 100 / 4096; i++) random.NextBytes(newFile.AsSpan(random.Next(Length - 4096), 4096));
        }
        _source = ByteSource.FromMemory(_basis);
        _newFile = ByteSource.FromMemory(newFile);
        _signature = SignatureBuilder.Build(_source, _options);
        using MemoryStream delta = new();
        DeltaWriter.Write(DeltaBuilder.Build(_signature, _newFile), _newFile, delta);
        _delta = delta.ToArray();
    }

    /// <summary>The yardstick.</summary>
    [Benchmark(Baseline = true)]
    public ulong XxHash3OfTheBasis() => XxHash3.HashToUInt64(_basis);

    /// <summary>Signature of the basis.</summary>
    [Benchmark]
    public FileSignature Signature() => SignatureBuilder.Build(_source, _options);

    /// <summary>Delta of the new file against the signature.</summary>
    [Benchmark]
    public FileDelta Delta() => DeltaBuilder.Build(_signature, _newFile);

    /// <summary>The new file of basis and delta, with its proof.</summary>
    [Benchmark]
    public void Apply()
    {
        using MemoryStream delta = new(_delta);
        Patch.Apply(_source, delta, Stream.Null);
    }
}
