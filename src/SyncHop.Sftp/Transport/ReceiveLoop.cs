using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace SyncHop.Sftp;

/// <summary>
/// The one reader of the channel. DATA go straight into the caller's buffer as they arrive; every other packet is
/// waited for as a whole and handed to the request it answers. Nothing is allocated by a length that the server claims.
/// </summary>
internal sealed class ReceiveLoop(PipeReader input, PendingTable pending, InFlightLimit limit, Connection connection)
{
    private const int LengthField = sizeof(uint);

    /// <summary>length, type, id and the length of the data.</summary>
    private const int DataHeader = PacketBounds.Header + sizeof(uint);

    private ReadRequest? _reading;
    private int _dataLength;
    private int _dataReceived;

    /// <summary>Runs until the channel ends or the connection fails or is closed.</summary>
    public async Task RunAsync(CancellationToken closing)
    {
        try
        {
            while (!closing.IsCancellationRequested)
            {
                ReadResult result = await input.ReadAsync(closing).ConfigureAwait(false);
                bool partial = Consume(result.Buffer);
                if (result.IsCompleted)
                    throw new SftpConnectionLostException(partial
                        ? "the SFTP server closed the connection in the middle of a packet"
                        : "the SFTP server closed the connection");
            }
        }
        catch (Exception e)
        {
            connection.Fail(e);
            throw;
        }
        finally
        {
            _reading?.FailAndRelease(connection.NewException());
        }
    }

    /// <summary>Handles what can be handled; true if a part of a packet is left.</summary>
    private bool Consume(ReadOnlySequence<byte> buffer)
    {
        long available = buffer.Length;
        try
        {
            while (_reading is not null ? ConsumeData(ref buffer) : ConsumePacket(ref buffer))
            {
            }
            return !buffer.IsEmpty || _reading is not null;
        }
        finally
        {
            connection.Counters.CountReceived(available - buffer.Length);
            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Handles the packet at the start of <paramref name="buffer"/>, or the header of a DATA packet.</summary>
    private bool ConsumePacket(ref ReadOnlySequence<byte> buffer)
    {
        long available = buffer.Length;
        if (available <= LengthField)
            return false;
        Span<byte> header = stackalloc byte[DataHeader];
        header = header[..(int)Math.Min(available, DataHeader)];
        buffer.Slice(0, header.Length).CopyTo(header);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header);
        var type = (PacketType)header[LengthField];
        CheckReply(type, length);
        if (type == PacketType.Data)
        {
            if (header.Length < DataHeader)
                return false;
            buffer = buffer.Slice(DataHeader);
            BeginData(length, header);
            return true;
        }
        if (available - LengthField < length)
            return false;
        ReadOnlySequence<byte> packet = buffer.Slice(LengthField, length);
        buffer = buffer.Slice(LengthField + (long)length);
        if (packet.IsSingleSegment)
            Dispatch(packet.FirstSpan);
        else
            DispatchJoined(packet);
        return true;
    }

    private static void CheckReply(PacketType type, uint length)
    {
        if (type is not (PacketType.Status or PacketType.Handle or PacketType.Data or PacketType.Name
            or PacketType.Attrs or PacketType.ExtendedReply))
            throw new SftpProtocolException($"the server sent a packet of type {(byte)type}, which is no reply");
        int header = type == PacketType.Data ? DataHeader : PacketBounds.Header;
        if (length < header - LengthField || length > PacketBounds.MaxReplyOf(type))
            throw new SftpProtocolException($"the server sent a packet of type {(byte)type} with length {length}");
    }

    private void DispatchJoined(in ReadOnlySequence<byte> packet)
    {
        int length = (int)packet.Length;
        byte[] joined = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            packet.CopyTo(joined);
            Dispatch(joined.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    private void Dispatch(ReadOnlySpan<byte> packet)
    {
        SftpRequest request = Take(BinaryPrimitives.ReadUInt32BigEndian(packet[1..]));
        var fields = new PacketReader(packet[(PacketBounds.Header - LengthField)..]);
        request.HandleReply((PacketType)packet[0], ref fields);
    }

    private SftpRequest Take(uint id)
    {
        SftpRequest request = pending.Take(id)
            ?? throw new SftpProtocolException($"the server answered a request that is not pending (id {id})");
        limit.Release(request.PayloadLength);
        connection.Counters.CountReply();
        return request;
    }

    private void BeginData(uint length, ReadOnlySpan<byte> header)
    {
        SftpRequest request = Take(BinaryPrimitives.ReadUInt32BigEndian(header[(LengthField + 1)..]));
        var fields = new PacketReader(header[PacketBounds.Header..]);
        if (request is not ReadRequest read)
        {
            request.HandleReply(PacketType.Data, ref fields);
            return;
        }
        // From here on the loop owns it; whatever happens, it is failed when the loop ends.
        _reading = read;
        uint dataLength = fields.ReadUInt32();
        if (length != dataLength + (DataHeader - (long)LengthField))
            throw new SftpProtocolException($"the server sent {dataLength} bytes of data in a packet of length {length}");
        if (dataLength > (uint)read.MaxData)
            throw new SftpProtocolException($"the server sent {dataLength} bytes of data where {read.MaxData} were asked for");
        _dataLength = (int)dataLength;
        _dataReceived = 0;
    }

    /// <summary>Copies what has arrived of the current DATA packet; false if more is needed.</summary>
    private bool ConsumeData(ref ReadOnlySequence<byte> buffer)
    {
        int count = (int)Math.Min(buffer.Length, _dataLength - _dataReceived);
        if (count > 0)
            _reading!.CopyPart(_dataReceived, buffer.Slice(0, count));
        buffer = buffer.Slice(count);
        _dataReceived += count;
        if (_dataReceived < _dataLength)
            return false;
        ReadRequest finished = _reading!;
        _reading = null;
        finished.Finish(_dataLength);
        return true;
    }
}
