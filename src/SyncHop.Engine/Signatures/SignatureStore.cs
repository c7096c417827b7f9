using System.Security.Cryptography;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Signatures;

/// <summary>
/// Signatures of files of one host, one file each in a directory that only its owner may enter. The store is a cache: whatever is
/// wrong with it makes an entry missing, never a run fail. Used from many tasks at once.
/// </summary>
/// <param name="host">The host that the store is on.</param>
/// <param name="directory">Its directory: absolute, or relative to where relative paths start there.</param>
/// <param name="label">
/// Empty for a store on the host that the files are on. Elsewhere the name of that host, as stores for several hosts may be one.
/// </param>
internal sealed class SignatureStore(IReplicaHost host, byte[] directory, byte[] label) : IDisposable
{
    private const uint PrivateDirectory = 0x1C0; // 0700
    private const uint PrivateFile = 0x180; // 0600

    /// <summary>Longer entries, of files of about 100 MB, are encoded and decoded while they pass by, to save their bytes of memory.</summary>
    private const int LongestAtOnce = 1 << 20;

    /// <summary>What no honest signature of a file that fits on a disk reaches, and .NET can still hold in one array.</summary>
    private const long LongestEntry = 1 << 30;

    private const int NameLength = 64 + 4;

    private static ReadOnlySpan<byte> Suffix => ".sig"u8;

    private readonly IReplica _entries = host.Open(directory);
    private readonly Lock _lock = new();
    private Task<bool>? _made;
    private bool _isPrivate;

    /// <summary>The entry of a file, if there is one that is whole; whether it is still true is for the caller to see.</summary>
    /// <param name="path">The file's absolute path.</param>
    /// <param name="size">Its size; bounds what is read.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<SignatureEntry?> FindAsync(byte[] path, long size, CancellationToken cancellation)
    {
        byte[] key = KeyOf(path);
        try
        {
            Task<bool> trusted = IsPrivateAsync(cancellation);
            ISourceFile file = await _entries.OpenReadAsync(NameOf(key), cancellation).ConfigureAwait(false);
            await using (file.ConfigureAwait(false))
            {
                if (!await trusted.ConfigureAwait(false)) return null;
                SignatureEntry? entry = await ReadAsync(file, size, key.Length, cancellation).ConfigureAwait(false);
                return entry is not null && entry.Path.AsSpan().SequenceEqual(key) ? entry with { Path = path } : null;
            }
        }
        catch (ReplicaException)
        {
            return null;
        }
    }

    /// <summary>Writes an entry under a temporary name.</summary>
    /// <returns>null when the store cannot be written.</returns>
    public async Task<PendingEntry?> PrepareAsync(SignatureEntry entry, CancellationToken cancellation)
    {
        try
        {
            if (!await MakeOnceAsync(cancellation).ConfigureAwait(false)) return null;
            byte[] key = KeyOf(entry.Path);
            entry = entry with { Path = key };
            RelativePath name = NameOf(key), temporary = TemporaryName.For(name);
            long length = SignatureEntryFormat.LengthOf(entry);
            ITargetFile file = await _entries.CreateFileAsync(temporary, PrivateFile, length, cancellation).ConfigureAwait(false);
            await using (file.ConfigureAwait(false))
            {
                await WriteAsync(entry, length, file, cancellation).ConfigureAwait(false);
                await file.CommitAsync(temporary, length, new AttributeChange { Permissions = PrivateFile }, cancellation).ConfigureAwait(false);
            }
            return new PendingEntry(_entries, temporary, name);
        }
        catch (ReplicaException)
        {
            return null;
        }
    }

    /// <summary>The time by the store's host's clock, seconds since 1970 UTC; null when nothing can be made there.</summary>
    public async Task<long?> ClockAsync(CancellationToken cancellation)
    {
        try
        {
            if (!await MakeOnceAsync(cancellation).ConfigureAwait(false)) return null;
            ITargetFile file = await _entries
                .CreateFileAsync(TemporaryName.For(new RelativePath("clock"u8.ToArray())), PrivateFile, 0, cancellation).ConfigureAwait(false);
            await using (file.ConfigureAwait(false)) return (await file.StatAsync(cancellation).ConfigureAwait(false)).MtimeSeconds;
        }
        catch (ReplicaException)
        {
            return null;
        }
    }

    /// <summary>The names of all entries, and of what killed runs left of theirs; null when there is no store.</summary>
    public async Task<List<byte[]>?> ListAsync(CancellationToken cancellation)
    {
        try
        {
            FileList list = await _entries.ListAsync(RelativePath.Root, linkTargets: false, cancellation).ConfigureAwait(false);
            List<byte[]> names = [];
            foreach (ref readonly FileList.Entry entry in list.Entries)
            {
                ReadOnlySpan<byte> name = list.NameOf(entry);
                bool isEntry = name.Length == NameLength && name.EndsWith(Suffix);
                if (entry.Stat.IsRegular && (isEntry || Leftovers.IsLeftover(name, entry.Stat, DateTimeOffset.UtcNow))) names.Add(name.ToArray());
            }
            return names;
        }
        catch (ReplicaException)
        {
            return null;
        }
    }

    /// <summary>Which file an entry is about, by the beginning of the entry alone.</summary>
    /// <returns>Whether it is an entry of the host that the files are on, or of none; and the file's path, null where it has none.</returns>
    public async Task<(bool IsOurs, byte[]? Path)> PathOfAsync(byte[] name, CancellationToken cancellation)
    {
        if (name.Length != NameLength) return (true, null);
        ISourceFile file = await _entries.OpenReadAsync(new RelativePath(name), cancellation).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            byte[] beginning = new byte[SignatureEntryFormat.LongestBeginning];
            int length = await file.ReadAsync(0, beginning, cancellation).ConfigureAwait(false);
            if (SignatureEntryFormat.ReadHeader(beginning.AsSpan(0, length)) is not { } header) return (true, null);
            // On their own host entries begin with the path; what begins with the name of another host is about that one's files.
            byte[] host = KeyOf([]);
            return header.Path.AsSpan().StartsWith([.. host, (byte)'/']) ? (true, header.Path[host.Length..]) : (false, null);
        }
    }

    /// <summary>Removes an entry by its name.</summary>
    public ValueTask RemoveEntryAsync(byte[] name, CancellationToken cancellation) => _entries.RemoveFileAsync(new RelativePath(name), cancellation);

    /// <summary>Removes a file's entry, if there is one.</summary>
    public async Task RemoveAsync(byte[] path, CancellationToken cancellation)
    {
        try
        {
            await _entries.RemoveFileAsync(NameOf(KeyOf(path)), cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            // Not there, or not ours to remove: then it is found untrue when it is read.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();

    private byte[] KeyOf(byte[] path) => label.Length == 0 ? path : [.. label, (byte)':', .. path];

    private static RelativePath NameOf(byte[] key) =>
        new([.. System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(key))), .. Suffix]);

    /// <summary>Whether nobody else may put entries there: they would say what a file is made of.</summary>
    private async Task<bool> IsPrivateAsync(CancellationToken cancellation)
    {
        const uint writableToOthers = 0x12; // 0022
        if (_isPrivate) return true;
        FileStat? stat;
        try
        {
            Task loading = host.Identities.LoadAsync(cancellation).AsTask();
            stat = await _entries.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
            await loading.ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            return false;
        }
        return _isPrivate = stat is { IsDirectory: true } directory && (directory.Permissions & writableToOthers) == 0
            && (directory.Uid == host.Identities.Uid || directory.Uid == 0);
    }

    private async Task<SignatureEntry?> ReadAsync(ISourceFile file, long fileSize, int keyLength, CancellationToken cancellation)
    {
        long guess = SignatureEntryFormat.UsualEntry(fileSize, keyLength);
        SourceFileStream stream = new(file, guess, host.Traits.BlockLength, cancellation);
        await using (stream.ConfigureAwait(false))
        {
            // Together with the question for its length, which is mostly known.
            stream.ReadAhead();
            long length = (await file.StatAsync(cancellation).ConfigureAwait(false)).Size;
            if (length > Math.Min(LongestEntry, SignatureEntryFormat.LongestEntry(fileSize, keyLength))) return null;
            stream.Know(length);
            return length > LongestAtOnce
                ? await OnThread(() => SignatureEntryFormat.Read(stream, length), cancellation).ConfigureAwait(false)
                : SignatureEntryFormat.Read(new MemoryStream(await stream.ReadAllAsync().ConfigureAwait(false)), length);
        }
    }

    private static async Task WriteAsync(SignatureEntry entry, long length, ITargetFile file, CancellationToken cancellation)
    {
        if (length > LongestAtOnce)
        {
            await OnThread(Encode, cancellation).ConfigureAwait(false);
            return;
        }
        MemoryStream bytes = new((int)length);
        SignatureEntryFormat.Write(entry, bytes);
        await file.WriteAsync(0, bytes.GetBuffer().AsMemory(0, (int)length), cancellation).ConfigureAwait(false);

        bool Encode()
        {
            using TargetFileStream stream = new(file, cancellation);
            SignatureEntryFormat.Write(entry, stream);
            stream.Flush();
            return true;
        }
    }

    /// <summary>On a thread of its own: it waits for a host, and the pool's threads are what brings the host's answers.</summary>
    private static Task<T> OnThread<T>(Func<T> work, CancellationToken cancellation) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private Task<bool> MakeOnceAsync(CancellationToken cancellation)
    {
        lock (_lock) return _made ??= MakeAsync(cancellation);
    }

    /// <summary>Makes the store's directory, and those above it that are missing, private.</summary>
    private async Task<bool> MakeAsync(CancellationToken cancellation)
    {
        if (await IsDirectoryAsync(directory, cancellation).ConfigureAwait(false)) return true;
        for (int end = 1; end <= directory.Length; end++)
        {
            if (end < directory.Length && directory[end] != '/') continue;
            int slash = directory.AsSpan(0, end).LastIndexOf((byte)'/');
            byte[] name = directory[(slash + 1)..end];
            if (name.Length == 0) continue;
            using IReplica parent = host.Open(slash < 0 ? [] : directory[..Math.Max(1, slash)]);
            try
            {
                await parent.CreateDirectoryAsync(new RelativePath(name), PrivateDirectory, cancellation).ConfigureAwait(false);
            }
            catch (ReplicaException)
            {
                // Mostly it is there; the next one, or the check at the end, shows what was wrong.
            }
        }
        return await IsDirectoryAsync(directory, cancellation).ConfigureAwait(false);
    }

    private async Task<bool> IsDirectoryAsync(byte[] path, CancellationToken cancellation)
    {
        using IReplica replica = host.Open(path);
        return await replica.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false) is { IsDirectory: true };
    }
}
