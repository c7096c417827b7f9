using System.Buffers.Binary;
using System.Text;

namespace SyncHop.Replicas.Tests.Remote;

/// <summary>
/// What a server may say: a good answer to any request, and what becomes of it when the server is broken or malicious. Everything
/// comes from the seed.
/// </summary>
internal sealed class HostileAnswers(Random random)
{
    private const byte Init = 1, Open = 3, Read = 5, LStat = 7, FStat = 8, OpenDir = 11, ReadDir = 12, RealPath = 16, Stat = 17, ReadLink = 19, Extended = 200;
    private const byte Version = 2, StatusReply = 101, HandleReply = 102, DataReply = 103, NameReply = 104, AttributesReply = 105, ExtendedReply = 201;
    private const int HeaderLength = 5; // length and type

    private static readonly (string Name, string Version)[] s_extensions =
    [
        ("posix-rename@openssh.com", "1"), ("statvfs@openssh.com", "2"), ("fstatvfs@openssh.com", "2"), ("hardlink@openssh.com", "1"),
        ("fsync@openssh.com", "1"), ("lsetstat@openssh.com", "1"), ("limits@openssh.com", "1"), ("expand-path@openssh.com", "1"),
        ("copy-data", "1"), ("home-directory", "1"), ("users-groups-by-id@openssh.com", "1"), ("check-file", "1"), ("versions", "3,4,5,6"),
    ];

    private static readonly uint[] s_odd = [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00040000, 0x00100000, 0x01000000];

    /// <summary>A good answer to a request (type, id and fields, without its length), framed.</summary>
    public byte[] Answer(ReadOnlySpan<byte> request)
    {
        byte type = request[0];
        if (type == Init) return Framed([Version, 0, 0, 0, 3, .. s_extensions.Where(_ => random.Next(8) > 0).SelectMany(each => (byte[])[.. Text(each.Name), .. Text(each.Version)])]);
        ReadOnlySpan<byte> id = request.Slice(1, 4);
        if (random.Next(12) == 0) return Framed(Status(id, (uint)random.Next(0, 9)));
        switch (type)
        {
            case Open or OpenDir:
                return Framed([HandleReply, .. id, .. Text(Some(random.Next(1, 9)))]);
            case Read:
                int asked = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(request[^4..]), 4096);
                return Framed(random.Next(4) == 0 ? Status(id, 1) : [DataReply, .. id, .. Text(Some(random.Next(asked + 1)))]);
            case LStat or FStat or Stat:
                return Framed([AttributesReply, .. id, .. Attributes()]);
            case ReadDir:
                return Framed(random.Next(2) == 0 ? Status(id, 1) : Names(id, random.Next(1, 20)));
            case RealPath or ReadLink:
                return Framed(Names(id, 1));
            case Extended:
                return Framed(AnswerExtended(request, id));
            default:
                return Framed(Status(id, 0));
        }
    }

    /// <summary>Breaks an answer.</summary>
    /// <param name="answer">A good one, framed.</param>
    /// <param name="desynchronizes">Whether the client may now wait for something that will never come.</param>
    /// <returns>What is sent instead.</returns>
    public byte[] Mutate(byte[] answer, out bool desynchronizes)
    {
        byte[] bytes = [.. answer];
        desynchronizes = true;
        switch (random.Next(10))
        {
            case 0: // Bits flip, but not in the length.
                for (int i = random.Next(1, 5); i > 0; i--) bytes[random.Next(4, bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1: // Any bytes.
                for (int i = random.Next(1, 9); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2: // Cut, and the length says so.
                bytes = bytes[..random.Next(HeaderLength, bytes.Length)];
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)bytes.Length - 4);
                return bytes;
            case 3: // A wrong length.
                BinaryPrimitives.WriteUInt32BigEndian(bytes, random.Next(2) == 0 ? s_odd[random.Next(s_odd.Length)] : (uint)random.Next(2 * bytes.Length));
                return bytes;
            case 4: // Somebody else's id, perhaps that of another request under way.
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(HeaderLength), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(HeaderLength)) + (uint)random.Next(-3, 4));
                return bytes;
            case 5: // A count or a length in it.
                if (bytes.Length >= 13) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(random.Next(9, bytes.Length - 3)), s_odd[random.Next(s_odd.Length)]);
                return bytes;
            case 6: // Twice.
                return [.. bytes, .. bytes];
            case 7: // Another kind of answer.
                bytes[4] = (byte)random.Next(100, 108);
                return bytes;
            case 8: // Something behind the end.
                bytes = [.. bytes, .. Some(random.Next(1, 40))];
                BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)bytes.Length - 4);
                return bytes;
            default: // Cut, and more follows.
                return bytes[..random.Next(bytes.Length)];
        }
    }

    /// <summary>Any bytes.</summary>
    public byte[] Some(int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private byte[] AnswerExtended(ReadOnlySpan<byte> request, ReadOnlySpan<byte> id)
    {
        int length = (int)BinaryPrimitives.ReadUInt32BigEndian(request[5..]);
        switch (Encoding.ASCII.GetString(request.Slice(9, length)))
        {
            case "limits@openssh.com":
                return [ExtendedReply, .. id, .. Numbers(4, 1 << 20)];
            case "statvfs@openssh.com" or "fstatvfs@openssh.com":
                return [ExtendedReply, .. id, .. Numbers(11, long.MaxValue)];
            case "users-groups-by-id@openssh.com":
                return [ExtendedReply, .. id, .. Text([.. Text("root"), .. Text("")]), .. Text([.. Text("tty")])];
            case "home-directory" or "expand-path@openssh.com":
                return Names(id, 1);
            case "check-file-handle" or "check-file-name":
                return [ExtendedReply, .. id, .. Text("sha256"), .. Some(32 * random.Next(1, 4))];
            default:
                return Status(id, 0);
        }
    }

    private byte[] Names(ReadOnlySpan<byte> id, int count)
    {
        List<byte> reply = [NameReply, .. id, .. Number((uint)count)];
        for (int i = 0; i < count; i++)
        {
            byte[] name = random.Next(6) switch
            {
                0 => Some(random.Next(0, 40)),
                1 => [.. (random.Next(3) switch { 0 => ".."u8, 1 => "a/b"u8, _ => "/etc"u8 })],
                _ => Encoding.ASCII.GetBytes($"name{random.Next(30)}"),
            };
            reply.AddRange([.. Text(name), .. Text("-rw-r--r--    1 root     root            3 Jan  1 00:00 x"), .. Attributes()]);
        }
        return [.. reply];
    }

    private byte[] Attributes()
    {
        uint flags = (uint)random.Next(16) | (random.Next(10) == 0 ? 0x80000000 : 0);
        List<byte> fields = [.. Number(flags)];
        if ((flags & 1) != 0) fields.AddRange(random.Next(5) == 0 ? Some(8) : [.. Number(0), .. Number((uint)random.Next(5000))]);
        if ((flags & 2) != 0) fields.AddRange([.. Number((uint)random.Next(3)), .. Number((uint)random.Next(3))]);
        if ((flags & 4) != 0) fields.AddRange(Number(random.Next(4) switch { 0 => 0x41EDu, 1 => 0xA1FFu, 2 => (uint)random.Next(), _ => 0x81A4u }));
        if ((flags & 8) != 0) fields.AddRange(Some(8));
        if ((flags & 0x80000000) != 0) fields.AddRange([.. Number(1), .. Text("a@b"), .. Text("value")]);
        return [.. fields];
    }

    private byte[] Numbers(int count, long most)
    {
        byte[] bytes = new byte[8 * count];
        for (int i = 0; i < count; i++) BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8 * i), random.Next(5) == 0 ? random.NextInt64() : random.NextInt64(most));
        return bytes;
    }

    private static byte[] Status(ReadOnlySpan<byte> id, uint code) => [StatusReply, .. id, .. Number(code), .. Text("text"), .. Text("")];

    private static byte[] Framed(byte[] packet) => [.. Number((uint)packet.Length), .. packet];

    private static byte[] Number(uint value) => MemorySftpServer.Number(value);

    private static byte[] Text(string text) => MemorySftpServer.Text(text);

    private static byte[] Text(byte[] text) => [.. Number((uint)text.Length), .. text];
}
