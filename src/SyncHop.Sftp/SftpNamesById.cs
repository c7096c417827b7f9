namespace SyncHop.Sftp;

/// <summary>Names of the ids asked for, in their order, as raw bytes; empty where the server knows no name.</summary>
/// <param name="Users">User names.</param>
/// <param name="Groups">Group names.</param>
public sealed record SftpNamesById(IReadOnlyList<byte[]> Users, IReadOnlyList<byte[]> Groups);
