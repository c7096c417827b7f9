using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace SyncHop.Delta.Tests;

public sealed class RollingChecksumTests
{
    private static byte[] Input(string name) => name.Split(':') switch
    {
        ["empty"] => [],
        ["splitmix1", var length] => GoldenFiles.SplitMix(1, int.Parse(length)),
        [var text] when text.StartsWith("255x", StringComparison.Ordinal) => Enumerable.Repeat((byte)255, int.Parse(text[4..])).ToArray(),
        _ => Encoding.ASCII.GetBytes(name),
    };

    [Fact]
    public void Checksums_and_hashes_have_FastRsyncNets_known_answers()
    {
        int count = 0;
        foreach (JsonElement vector in GoldenFiles.Json("vectors.json").GetProperty("calculate").EnumerateArray())
        {
            byte[] input = Input(vector.Text("input"));
            Assert.Equal(vector.GetProperty("length").GetInt32(), input.Length);
            foreach (RollingChecksum rolling in Enum.GetValues<RollingChecksum>())
            {
                uint expected = vector.GetProperty(RollingChecksums.Name(rolling)).GetUInt32();
                Assert.Equal(expected, RollingChecksums.Compute(rolling, input));
            }
            foreach (ContentHash hash in Enum.GetValues<ContentHash>().Where(h => h != ContentHash.XxHash128))
            {
                string expected = vector.Text(ContentHashes.Name(hash));
                byte[] actual = new byte[ContentHashes.Length(hash)];
                ContentHashes.Compute(hash, input, actual);
                Assert.Equal(expected, Convert.ToHexStringLower(actual));
                using ContentHasher hasher = new(hash);
                hasher.Append(input.AsSpan(0, input.Length / 3));
                hasher.Append(input.AsSpan(input.Length / 3));
                Assert.Equal(expected, Convert.ToHexStringLower(hasher.Finish()));
            }
            count++;
        }
        Assert.Equal(10, count);
    }

    [Fact]
    public void Rolled_sums_have_FastRsyncNets_known_answers()
    {
        int count = 0;
        foreach (JsonElement vector in GoldenFiles.Json("vectors.json").GetProperty("rotate").EnumerateArray())
        {
            // FastRsyncNet's V2 rolls wrongly from the first borrow on; ours rolls it as V3.
            if (vector.Text("rolling") == "Adler32V2") continue;
            byte[] input = Input(vector.Text("input"));
            int chunk = vector.GetProperty("chunk").GetInt32();
            foreach (JsonElement state in vector.GetProperty("afterRotations").EnumerateArray())
            {
                int steps = state[0].GetInt32();
                uint expected = state[1].GetUInt32();
                if (vector.Text("rolling") == "Adler32")
                    Assert.Equal(PowerOfTwoRoller.KeyOf(expected, chunk), Rolled<PowerOfTwoRoller>(input, chunk, steps));
                else
                    Assert.Equal(PrimeRoller.KeyOf(expected, chunk), Rolled<PrimeRoller>(input, chunk, steps));
                count++;
            }
        }
        Assert.True(count > 20);
    }

    [Fact]
    public void Rolling_equals_starting_anew() =>
        Gen.Select(Gen.Byte.Array[1, 3000], Gen.Int[1, 400]).Sample((data, length) =>
        {
            if (data.Length < length) return;
            AssertRolls<PowerOfTwoRoller>(data, length, RollingChecksum.Adler32);
            AssertRolls<PrimeRoller>(data, length, RollingChecksum.Adler32V3);
        }, iter: 300);

    [Fact]
    public void Rolling_is_exact_in_the_longest_windows_of_extreme_bytes()
    {
        byte[] data = [.. Enumerable.Repeat((byte)255, 32767), .. new byte[32767], .. Enumerable.Repeat((byte)255, 32767)];
        AssertRolls<PowerOfTwoRoller>(data, 32767, RollingChecksum.Adler32, every: 997);
        AssertRolls<PrimeRoller>(data, 32767, RollingChecksum.Adler32V3, every: 997);
    }

    [Fact]
    public void Vector_sums_equal_the_definition() =>
        Gen.Select(Gen.OneOf(Gen.Byte, Gen.Const((byte)255)).Array[0, 10000], Gen.Int[0, 40]).Sample((data, skip) =>
        {
            ReadOnlySpan<byte> block = data.AsSpan(Math.Min(skip, data.Length));
            Assert.Equal(BlockSum.Scalar(block), BlockSum.Compute(block));
            block = block[..(Math.Min(block.Length, 4096) & -16)];
            (ulong sum, ulong weighted) = BlockSum.Scalar(block);
            Assert.Equal(((uint)sum, (uint)weighted), BlockSum.Portable(block));
        }, iter: 500);

    private static uint Rolled<T>(byte[] input, int length, int steps)
        where T : struct, IRoller<T>
    {
        T roller = T.Start(input.AsSpan(0, length));
        for (int i = 0; i < steps; i++) roller.Roll(input[i], input[i + length]);
        return roller.Key;
    }

    private static void AssertRolls<T>(byte[] data, int length, RollingChecksum rolling, int every = 1)
        where T : struct, IRoller<T>
    {
        T roller = T.Start(data.AsSpan(0, length));
        T batched = roller;
        int steps = data.Length - length;
        uint[] keys = new uint[steps + 1];
        T.RollAll(ref batched, data.AsSpan(0, steps), data.AsSpan(length), keys);
        for (int i = 0; i <= steps; i++)
        {
            if (i % every == 0)
                Assert.Equal(T.KeyOf(RollingChecksums.Compute(rolling, data.AsSpan(i, length)), length), roller.Key);
            Assert.Equal(roller.Key, keys[i]);
            if (i < steps) roller.Roll(data[i], data[i + length]);
        }
        Assert.Equal(roller.Key, batched.Key);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void The_filter_forgets_no_key_and_lets_few_others_through(int parts)
    {
        uint[] keys = [.. MemoryMarshal.Cast<byte, uint>(GoldenFiles.SplitMix(13, 80_000))];
        WeakFilter filter = new(10_000, parts);
        int[] candidates = new int[20_000];
        for (int part = 0; part < parts; part++) filter.AddPart(part, keys.AsSpan(0, 10_000), candidates);
        int count = filter.FindCandidates(keys, candidates);
        Assert.Equal(Enumerable.Range(0, 20_000).Where(i => filter.MayContain(keys[i])), candidates[..count]);
        Assert.Equal(Enumerable.Range(0, 10_000), candidates[..10_000]);
        Assert.InRange(count, 10_000, 10_500);
    }
}
