using System.IO.Compression;
using CsCheck;
using SyncHop.Ssh.Transport;
using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

public sealed class SparingDeflaterTests
{
    private const int Packet = 32 << 10;

    [Fact]
    public void Any_mixture_comes_back_and_every_piece_as_soon_as_it_is_there()
    {
        Gen<byte[]> noise = Gen.Int[1, 200_000].Select(length => Noise(length, length));
        Gen<byte[]> text = Gen.Int[1, 200_000].Select(Text);
        Gen.OneOf(noise, text, noise).Array[1, 40].Sample(
            contents =>
            {
                using Inflater inflater = new();
                using SparingDeflater deflater = new();
                foreach (byte[] content in contents) Assert.Equal(content, inflater.Next(deflater.Next(content), content.Length));
            },
            iter: 30);
    }

    [Fact]
    public void Noise_is_stored_text_is_not_and_what_follows_noise_is_tried_again()
    {
        using SparingDeflater deflater = new();
        using Inflater inflater = new();

        Assert.True(Send(Text(1 << 20)) < (1 << 20) / 2);
        Assert.False(deflater.IsStoring);
        byte[] noise = Noise(1, 1 << 20);
        Send(noise);
        Assert.True(deflater.IsStoring);
        // Five bytes for a packet is all it costs.
        Assert.Equal(Packet + 5, deflater.Next(noise.AsSpan(0, Packet)).Length);
        while (deflater.IsStoring) deflater.Next(noise.AsSpan(0, Packet));
        Assert.True(deflater.Next(Text(Packet)).Length < Packet / 2);

        int Send(byte[] content)
        {
            int sent = 0;
            for (int i = 0; i < content.Length; i += Packet)
            {
                byte[] piece = deflater.Next(content.AsSpan(i, Packet));
                Assert.Equal(content[i..(i + Packet)], inflater.Next(piece, Packet));
                sent += piece.Length;
            }
            return sent;
        }
    }

    private static byte[] Noise(int seed, int length)
    {
        byte[] noise = new byte[length];
        new Random(seed).NextBytes(noise);
        return noise;
    }

    private static byte[] Text(int length)
    {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) text[i] = (byte)('a' + (i * 7 % 11));
        return text;
    }

    /// <summary>What the other side does: it must get all content out of what has arrived so far.</summary>
    private sealed class Inflater : IDisposable
    {
        private readonly MemoryStream _arrived = new();
        private readonly ZLibStream _stream;
        private long _read;

        public Inflater() => _stream = new ZLibStream(_arrived, CompressionMode.Decompress);

        public byte[] Next(byte[] piece, int length)
        {
            _read = _arrived.Position;
            _arrived.Position = _arrived.Length;
            _arrived.Write(piece);
            _arrived.Position = _read;
            byte[] content = new byte[length];
            _stream.ReadExactly(content);
            return content;
        }

        public void Dispose() => _stream.Dispose();
    }
}
