using System.Buffers;
using System.Numerics;
using System.Text.Json;

namespace SyncHop.Delta;

/// <summary>The beginning of a file in FastRsyncNet's format.</summary>
internal static class FormatOutput
{
    /// <summary>Writes magic, version and the length-prefixed metadata object.</summary>
    public static void WriteHeader(Stream output, ReadOnlySpan<byte> magic, Action<Utf8JsonWriter> writeMembers)
    {
        ArrayBufferWriter<byte> metadata = new();
        // The default encoder writes '+' as "\u002B", as FastRsyncNet's files have it since 2.4.0.
        using (Utf8JsonWriter writer = new(metadata))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }
        output.Write(magic);
        output.WriteByte(FormatConstants.Version);
        uint length = (uint)metadata.WrittenCount;
        for (; BitOperations.Log2(length) >= 7; length >>= 7) output.WriteByte((byte)(length | 0x80));
        output.WriteByte((byte)length);
        output.Write(metadata.WrittenSpan);
    }

    /// <summary>Writes a hash as its two members, if there is one.</summary>
    public static void WriteHash(Utf8JsonWriter writer, string algorithmMember, string valueMember, FileHash? hash)
    {
        if (hash is null) return;
        writer.WriteString(algorithmMember, hash.AlgorithmName);
        // Not WriteBase64String: that leaves '+' as it is.
        writer.WriteString(valueMember, Convert.ToBase64String(hash.Value.Span));
    }

    /// <summary>Writes a number, if there is one.</summary>
    public static void WriteLength(Utf8JsonWriter writer, string member, long? value)
    {
        if (value is not null) writer.WriteNumber(member, value.Value);
    }
}
