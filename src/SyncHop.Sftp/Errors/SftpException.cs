namespace SyncHop.Sftp;

/// <summary>The server refused one request. The connection and all other requests are not affected.</summary>
public sealed class SftpException : IOException
{
    internal SftpException(SftpStatusCode statusCode, string serverMessage, string operation, byte[] path)
        : base(Describe(statusCode, serverMessage, operation, path))
    {
        StatusCode = statusCode;
        ServerMessage = serverMessage;
        Operation = operation;
        Path = path;
    }

    /// <summary>The code of the STATUS reply.</summary>
    public SftpStatusCode StatusCode { get; }

    /// <summary>The server's own text, made safe to print; may be empty.</summary>
    public string ServerMessage { get; }

    /// <summary>What was asked, e.g. <c>open</c> or <c>posix-rename@openssh.com</c>.</summary>
    public string Operation { get; }

    /// <summary>The request's first path as raw bytes; empty for operations on an open handle.</summary>
    public ReadOnlyMemory<byte> Path { get; }

    private static string Describe(SftpStatusCode code, string serverMessage, string operation, byte[] path)
    {
        string reason = serverMessage.Length > 0 ? serverMessage : NameOf(code);
        return path.Length > 0 ? $"{operation} \"{DiagnosticText.Escape(path)}\": {reason}" : $"{operation}: {reason}";
    }

    private static string NameOf(SftpStatusCode code) => code switch
    {
        SftpStatusCode.Ok => "unexpected success",
        SftpStatusCode.Eof => "end of file",
        SftpStatusCode.NoSuchFile => "no such file",
        SftpStatusCode.PermissionDenied => "permission denied",
        SftpStatusCode.Failure => "failure",
        SftpStatusCode.BadMessage => "bad message",
        SftpStatusCode.NoConnection => "no connection",
        SftpStatusCode.ConnectionLost => "connection lost",
        SftpStatusCode.Unsupported => "operation unsupported",
        _ => $"status {(uint)code}",
    };
}
