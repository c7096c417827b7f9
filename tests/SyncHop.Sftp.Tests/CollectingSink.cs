namespace SyncHop.Sftp.Tests;

internal sealed class CollectingSink : ISftpDirectorySink
{
    public List<(byte[] Name, SftpAttributes Attributes)> Entries { get; } = [];

    public List<byte[]> Refused { get; } = [];

    public void OnEntry(ReadOnlySpan<byte> name, in SftpAttributes attributes) => Entries.Add((name.ToArray(), attributes));

    public void OnRefusedName(ReadOnlySpan<byte> name) => Refused.Add(name.ToArray());
}
