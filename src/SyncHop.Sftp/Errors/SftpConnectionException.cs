namespace SyncHop.Sftp;

/// <summary>The whole connection is unusable: every pending and every later request fails with this.</summary>
public abstract class SftpConnectionException : IOException
{
    private protected SftpConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>An own exception for one more failed request, so that none is thrown from two places at once.</summary>
    internal abstract SftpConnectionException ForAnotherRequest();
}

/// <summary>The channel ended, failed, or was closed by <see cref="SftpClient.DisposeAsync"/>.</summary>
public sealed class SftpConnectionLostException : SftpConnectionException
{
    internal SftpConnectionLostException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal override SftpConnectionException ForAnotherRequest() => new SftpConnectionLostException(Message, InnerException);
}

/// <summary>The server broke the protocol; the client stopped reading from it.</summary>
public sealed class SftpProtocolException : SftpConnectionException
{
    internal SftpProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal override SftpConnectionException ForAnotherRequest() => new SftpProtocolException(Message, InnerException);
}
