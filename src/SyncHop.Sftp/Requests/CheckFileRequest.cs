using System.Text;

namespace SyncHop.Sftp;

/// <summary>
/// check-file-handle (draft-ietf-secsh-filexfer-extensions-00 section 3). The draft has the word "check-file" before the algorithm,
/// which ProFTPD leaves out.
/// </summary>
internal sealed class CheckFileRequest(RequestPool pool) : SftpRequest<SftpBlockHashes>
{
    private IReadOnlyList<SftpHashAlgorithm> _asked = [];
    private long _blocks;

    public override PacketType ExpectedReply => PacketType.ExtendedReply;

    protected override RequestPool Pool => pool;

    private static ReadOnlySpan<byte> ReplyName => "check-file"u8;

    /// <summary>Which functions were asked for, and of how many blocks.</summary>
    public void Expect(IReadOnlyList<SftpHashAlgorithm> asked, long blocks) => (_asked, _blocks) = (asked, blocks);

    protected override Exception? OnReply(ref PacketReader reader)
    {
        ReadOnlySpan<byte> name = reader.ReadString();
        if (name.SequenceEqual(ReplyName)) name = reader.ReadString();
        foreach (SftpHashAlgorithm algorithm in _asked)
        {
            if (!name.SequenceEqual(Encoding.ASCII.GetBytes(algorithm.Name))) continue;
            ReadOnlySpan<byte> hashes = reader.ReadRest();
            if (hashes.Length != _blocks * algorithm.Length)
                return Refusal(SftpStatusCode.BadMessage, $"the server returned {hashes.Length} bytes of hashes for {_blocks} blocks");
            StoreResult(new SftpBlockHashes(algorithm, hashes.ToArray()));
            return null;
        }
        return Refusal(SftpStatusCode.BadMessage, $"the server used \"{DiagnosticText.Escape(name)}\", which was not asked for");
    }
}
