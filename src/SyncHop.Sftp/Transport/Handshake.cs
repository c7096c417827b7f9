using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace SyncHop.Sftp;

/// <summary>INIT and VERSION (draft-ietf-secsh-filexfer-02 section 4).</summary>
internal static class Handshake
{
    private const int LengthField = sizeof(uint);

    /// <summary>Sends INIT and returns the extensions that the server's VERSION announces.</summary>
    public static async ValueTask<IReadOnlyList<KeyValuePair<string, string>>> RunAsync(
        IDuplexPipe channel, TransferCounters counters, CancellationToken cancellation)
    {
        byte[] init = [0, 0, 0, 5, (byte)PacketType.Init, 0, 0, 0, (byte)PacketBounds.ProtocolVersion];
        await channel.Output.WriteAsync(init, cancellation).ConfigureAwait(false);
        counters.CountSent(init.Length);
        counters.CountFlush();
        while (true)
        {
            ReadResult result = await channel.Input.ReadAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (TryReadVersion(ref buffer, out var extensions))
            {
                counters.CountReceived(result.Buffer.Length - buffer.Length);
                channel.Input.AdvanceTo(buffer.Start);
                return extensions;
            }
            channel.Input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                throw new SftpConnectionLostException("the channel was closed before the SFTP server answered");
        }
    }

    private static bool TryReadVersion(
        ref ReadOnlySequence<byte> buffer, out IReadOnlyList<KeyValuePair<string, string>> extensions)
    {
        extensions = [];
        if (buffer.Length <= LengthField)
            return false;
        Span<byte> start = stackalloc byte[LengthField + 1];
        buffer.Slice(0, start.Length).CopyTo(start);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(start);
        var type = (PacketType)start[LengthField];
        if (type != PacketType.Version || length < 5 || length > PacketBounds.MaxReply)
            throw NotSftp(buffer);
        if (buffer.Length - LengthField < length)
            return false;
        extensions = ReadVersion(buffer.Slice(LengthField + 1, length - 1).ToArray());
        buffer = buffer.Slice(LengthField + (long)length);
        return true;
    }

    private static List<KeyValuePair<string, string>> ReadVersion(ReadOnlySpan<byte> fields)
    {
        var reader = new PacketReader(fields);
        uint version = reader.ReadUInt32();
        if (version != PacketBounds.ProtocolVersion)
            throw new SftpProtocolException($"the server speaks SFTP version {version}, not {PacketBounds.ProtocolVersion}");
        var extensions = new List<KeyValuePair<string, string>>();
        while (reader.Remaining > 0)
        {
            string name = DiagnosticText.Escape(reader.ReadString());
            extensions.Add(new(name, DiagnosticText.Escape(reader.ReadString())));
        }
        return extensions;
    }

    /// <summary>The usual cause is a shell start-up file of the user that prints something.</summary>
    private static SftpProtocolException NotSftp(in ReadOnlySequence<byte> buffer)
    {
        string start = DiagnosticText.Escape(buffer.Slice(0, Math.Min(buffer.Length, 80)).ToArray());
        return new SftpProtocolException(
            $"the server does not speak SFTP, it sent \"{start}\" (does a shell start-up file print something?)");
    }
}
