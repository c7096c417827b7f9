namespace SyncHop.Delta;

/// <summary>Members of the metadata objects.</summary>
internal static class MetadataNames
{
    public const string ChunkHashAlgorithm = "chunkHashAlgorithm";
    public const string RollingChecksumAlgorithm = "rollingChecksumAlgorithm";
    public const string HashAlgorithm = "hashAlgorithm";
    public const string ExpectedFileHashAlgorithm = "expectedFileHashAlgorithm";
    public const string ExpectedFileHash = "expectedFileHash";
    public const string BaseFileHashAlgorithm = "baseFileHashAlgorithm";
    public const string BaseFileHash = "baseFileHash";
    public const string BaseFileLength = "baseFileLength";
    public const string TargetFileLength = "targetFileLength";
}
