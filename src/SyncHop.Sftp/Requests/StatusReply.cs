namespace SyncHop.Sftp;

/// <summary>A STATUS reply (draft-ietf-secsh-filexfer-02 section 7).</summary>
internal readonly ref struct StatusReply
{
    private readonly ReadOnlySpan<byte> _message;

    private StatusReply(SftpStatusCode code, ReadOnlySpan<byte> message)
    {
        Code = code;
        _message = message;
    }

    public SftpStatusCode Code { get; }

    /// <summary>The server's text, safe to print.</summary>
    public string Message => DiagnosticText.Escape(_message);

    /// <summary>Reads it. Text and language tag may be absent, as older servers leave them out, but not cut off.</summary>
    public static StatusReply Read(ref PacketReader reader)
    {
        var code = (SftpStatusCode)reader.ReadUInt32();
        ReadOnlySpan<byte> message = reader.Remaining > 0 ? reader.ReadString() : default;
        if (reader.Remaining > 0)
            reader.ReadString();
        return new StatusReply(code, message);
    }
}
