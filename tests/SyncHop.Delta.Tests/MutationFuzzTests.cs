using System.Globalization;

namespace SyncHop.Delta.Tests;

/// <summary>
/// Damages golden files and checks that reading, building and patching end with a result or a <see cref="DeltaException"/>. Set
/// SYNCHOP_FUZZ_COUNT for more than the default count.
/// </summary>
public sealed class MutationFuzzTests
{
    private const long MaximumOutput = 1 << 20;

    private static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("SYNCHOP_FUZZ_COUNT"), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? count
            : 20_000;

    [Fact]
    public void Damaged_signatures_are_read_or_refused()
    {
        byte[][] seeds = Seeds("signature", "octodiff-signature", "older-signature", "edge-signature");
        ByteSource newFile = ByteSource.FromMemory(GoldenFiles.New("plus"));
        byte[] newBytes = GoldenFiles.New("plus");
        int accepted = Run(seeds, bytes =>
        {
            FileSignature signature = SignatureReader.Read(new MemoryStream(bytes));
            FileDelta delta = DeltaBuilder.Build(signature, newFile, new DeltaOptions { Workers = 1 });
            Assert.Equal(newBytes.Length, delta.Commands.Sum(command => command.Length));
            Assert.All(delta.Commands, command => Assert.True(!command.IsCopy || command.BasisOffset + command.Length <= signature.Length));
        });
        Assert.True(accepted > 0);
    }

    [Fact]
    public void Damaged_deltas_are_applied_or_refused()
    {
        byte[][] seeds = Seeds("delta", "octodiff-delta", "older-delta", "edge-delta");
        ByteSource[] bases =
            [GoldenFiles.Basis("main"), GoldenFiles.Basis("tiny"), GoldenFiles.Basis("plus"), GoldenFiles.Basis("dup")];
        PatchOptions options = new() { MaximumLength = MaximumOutput };
        int turn = 0;
        Run(seeds, bytes =>
        {
            CheckedStream output = new();
            Patch.Apply(bases[turn++ % bases.Length], new MemoryStream(bytes), output, options);
        });
    }

    private static byte[][] Seeds(params string[] kinds) =>
        [.. kinds.SelectMany(GoldenFiles.OfKind).Select(file => GoldenFiles.Bytes(file.Text("path"))).Where(bytes => bytes.Length < 4000)];

    private static int Run(byte[][] seeds, Action<byte[]> use)
    {
        Random random = new(20261123);
        int accepted = 0;
        for (int i = 0; i < Count; i++)
        {
            byte[] mutated = Mutate(seeds[random.Next(seeds.Length)], random);
            try
            {
                use(mutated);
                accepted++;
            }
            catch (DeltaException refused)
            {
                Assert.DoesNotContain('\n', refused.Message);
            }
        }
        return accepted;
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] bytes = [.. seed];
        for (int changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
        {
            // Half of the changes go to the header, where each byte means something.
            int at = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Length, 300) : bytes.Length);
            switch (random.Next(7))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0; break;
                case 3: bytes = bytes[..at]; break;
                case 4: bytes = [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]]; break;
                case 5: bytes = [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]]; break;
                default:
                    random.NextBytes(bytes.AsSpan(at, Math.Min(8, bytes.Length - at)));
                    break;
            }
        }
        return bytes;
    }

    private sealed class CheckedStream : Stream
    {
        private long _length;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => _length;
        public override long Position { get => _length; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _length += buffer.Length;
            Assert.True(_length <= MaximumOutput);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
