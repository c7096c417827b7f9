using Renci.SshNet.Compression;

namespace SyncHop.Ssh.Transport;

/// <summary><c>zlib@openssh.com</c>, which spares what does not compress the processor time (<see cref="SparingDeflater"/>).</summary>
internal sealed class SparingCompressor : ZlibOpenSsh
{
    private readonly SparingDeflater _deflater = new();

    /// <inheritdoc/>
    protected override byte[] CompressCore(byte[] data, int offset, int length) => _deflater.Next(data.AsSpan(offset, length));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _deflater.Dispose();
    }
}
