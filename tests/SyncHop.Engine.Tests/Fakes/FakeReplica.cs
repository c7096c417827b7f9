using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Tests.Fakes;

/// <summary>A tree of a <see cref="FakeHost"/>.</summary>
internal sealed class FakeReplica(FakeHost host, string root) : IReplica
{
    public IReplicaHost Host => host;

    public byte[] FullPath(RelativePath path) => FakeHost.Bytes("/" + Full(path));

    public void Dispose()
    {
    }

    public ValueTask<byte[]?> ResolveRootAsync(CancellationToken cancellation) =>
        RunAsync("realpath", RelativePath.Root, () => (byte[]?)FullPath(RelativePath.Root), cancellation);

    public ValueTask<FileStat?> StatAsync(RelativePath path, bool followLink, CancellationToken cancellation) =>
        RunAsync("stat", path, () => Find(Full(path))?.Stat, cancellation);

    public ValueTask<FileList> ListAsync(RelativePath directory, bool linkTargets, CancellationToken cancellation) =>
        RunAsync("opendir", directory, () =>
        {
            FileList list = new();
            foreach ((string name, FakeNode node) in Existing(Full(directory), "opendir").Children)
                list.Add(FakeHost.Bytes(name), node.Stat, linkTargets ? node.Target : []);
            host.Tamper?.Invoke(Full(directory), list);
            return list;
        }, cancellation);

    public ValueTask<byte[]> ReadLinkAsync(RelativePath path, CancellationToken cancellation) =>
        RunAsync("readlink", path, () => Existing(Full(path), "readlink").Target, cancellation);

    public async ValueTask<ISourceFile> OpenReadAsync(RelativePath path, CancellationToken cancellation) =>
        new FakeSourceFile(host, await RunAsync("open", path, () => Existing(Full(path), "open"), cancellation));

    public ValueTask<ITargetFile> CreateFileAsync(RelativePath temporary, uint permissions, long length, CancellationToken cancellation) =>
        RunAsync<ITargetFile>("mkstemp", temporary, () =>
        {
            FakeNode node = new() { Permissions = permissions };
            Add(Full(temporary), node, "mkstemp");
            return new FakeTargetFile(this, node, temporary, isTemporary: true);
        }, cancellation, _ => Remove(Full(temporary), "unlink"));

    public ValueTask<ITargetFile> OpenWriteAsync(RelativePath path, uint permissions, CancellationToken cancellation) =>
        RunAsync<ITargetFile>("open", path, () =>
        {
            if (Find(Full(path)) is not { } node) Add(Full(path), node = new FakeNode { Permissions = permissions }, "open");
            if (node.Type != FileType.Regular) throw new ReplicaException(ReplicaError.Other, "open", "not a regular file");
            return new FakeTargetFile(this, node, path, isTemporary: false);
        }, cancellation);

    public async ValueTask CreateDirectoryAsync(RelativePath path, uint permissions, CancellationToken cancellation) =>
        await ChangeAsync("mkdir", path, full => Add(full, new FakeNode { Type = FileType.Directory, Permissions = permissions }, "mkdir"), cancellation);

    public async ValueTask CreateSymlinkAsync(RelativePath path, ReadOnlyMemory<byte> target, CancellationToken cancellation) =>
        await ChangeAsync("symlink", path,
            full => Add(full, new FakeNode { Type = FileType.Symlink, Permissions = 0x1FF, Target = target.ToArray() }, "symlink"), cancellation);

    public async ValueTask CreateSpecialAsync(RelativePath path, FileType type, uint permissions, ulong rdev, CancellationToken cancellation) =>
        await ChangeAsync("mknod", path, full => Add(full, new FakeNode { Type = type, Permissions = permissions }, "mknod"), cancellation);

    public async ValueTask RemoveFileAsync(RelativePath path, CancellationToken cancellation) =>
        await ChangeAsync("unlink", path, full =>
        {
            if (Existing(full, "unlink").Type == FileType.Directory) throw new ReplicaException(ReplicaError.IsDirectory, "unlink", "Is a directory (21)");
            Remove(full, "unlink");
        }, cancellation);

    public async ValueTask RemoveDirectoryAsync(RelativePath path, CancellationToken cancellation) =>
        await ChangeAsync("rmdir", path, full =>
        {
            if (Existing(full, "rmdir").Children.Count > 0) throw new ReplicaException(ReplicaError.NotEmpty, "rmdir", "Directory not empty (39)");
            Remove(full, "rmdir");
        }, cancellation);

    public async ValueTask CreateLinkAsync(RelativePath path, IReplica tree, RelativePath existing, CancellationToken cancellation) =>
        await ChangeAsync("link", path, full => Add(full, Existing(((FakeReplica)tree).Full(existing), "link"), "link"), cancellation);

    public ValueTask MoveAsync(RelativePath from, IReplica tree, RelativePath to, CancellationToken cancellation) =>
        ReferenceEquals(tree, this) ? RenameAsync(from, to, cancellation) : ((FakeReplica)tree).TakeAsync(Full(from), to, cancellation);

    private async ValueTask TakeAsync(string from, RelativePath to, CancellationToken cancellation) =>
        await ChangeAsync("rename", to, full =>
        {
            if (host.TreesAreApart) throw new ReplicaException(ReplicaError.Other, "rename", "Invalid cross-device link (18)");
            FakeNode node = Existing(from, "rename");
            Remove(from, "rename");
            (FakeNode parent, string name) = ParentOf(full, "rename");
            parent.Children[name] = node;
        }, cancellation);

    public async ValueTask RenameAsync(RelativePath from, RelativePath to, CancellationToken cancellation) =>
        await ChangeAsync("rename", to, full =>
        {
            FakeNode node = Existing(Full(from), "rename");
            if (Find(full) is { Type: FileType.Directory }) throw new ReplicaException(ReplicaError.IsDirectory, "rename", "Is a directory (21)");
            Remove(Full(from), "rename");
            (FakeNode parent, string name) = ParentOf(full, "rename");
            parent.Children[name] = node;
        }, cancellation);

    public ValueTask<ReplicaException?> SetAttributesAsync(RelativePath path, FileType type, AttributeChange change, CancellationToken cancellation) =>
        RunAsync<ReplicaException?>("setattr", path, () =>
        {
            Apply(Existing(Full(path), "setattr"), change);
            return null;
        }, cancellation);

    internal static void Apply(FakeNode node, in AttributeChange change)
    {
        if (change.Permissions is uint permissions) node.Permissions = permissions;
        if (change.Mtime is Timestamp mtime) node.Mtime = mtime.Seconds;
    }

    internal ValueTask<T> RunAsync<T>(
        string operation, RelativePath path, Func<T> effect, CancellationToken cancellation, Action<T>? undo = null)
    {
        if (host.Answer is not null) return AnswerAsync();
        return host.Begin is null ? FaultyAsync() : BeginAsync();

        ValueTask<T> FaultyAsync() => host.Faults.RunAsync($"{operation} {Full(path)}", Locked, cancellation, undo is null ? null : Undo);

        void Undo(T result)
        {
            lock (host.Lock) undo(result);
        }

        async ValueTask<T> BeginAsync()
        {
            await host.Begin!(operation, Full(path));
            return await FaultyAsync();
        }

        async ValueTask<T> AnswerAsync()
        {
            Exception? failure = null;
            T? result = default;
            try
            {
                result = Locked();
            }
            catch (ReplicaException refused)
            {
                failure = refused;
            }
            await host.Answer!(operation, Full(path));
            return failure is null ? result! : throw failure;
        }

        T Locked()
        {
            lock (host.Lock)
            {
                host.Watch?.Invoke(operation, Full(path));
                return effect();
            }
        }
    }

    private async ValueTask ChangeAsync(string operation, RelativePath path, Action<string> change, CancellationToken cancellation) =>
        await RunAsync(operation, path, () =>
        {
            change(Full(path));
            return true;
        }, cancellation);

    private string Full(RelativePath path)
    {
        string below = FakeHost.Text(path.Bytes);
        return root.Length == 0 || below.Length == 0 ? root + below : $"{root}/{below}";
    }

    private FakeNode? Find(string path)
    {
        FakeNode node = host.Root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!node.Children.TryGetValue(name, out FakeNode? child)) return null;
            node = child;
        }
        return node;
    }

    private FakeNode Existing(string path, string operation) =>
        Find(path) ?? throw new ReplicaException(ReplicaError.NotFound, operation, "No such file or directory (2)");

    private (FakeNode Parent, string Name) ParentOf(string path, string operation)
    {
        int slash = path.LastIndexOf('/');
        FakeNode parent = Existing(path[..Math.Max(slash, 0)], operation);
        if (parent.Type != FileType.Directory) throw new ReplicaException(ReplicaError.NotDirectory, operation, "Not a directory (20)");
        return (parent, path[(slash + 1)..]);
    }

    private void Add(string path, FakeNode node, string operation)
    {
        (FakeNode parent, string name) = ParentOf(path, operation);
        if (!parent.Children.TryAdd(name, node)) throw new ReplicaException(ReplicaError.Exists, operation, "File exists (17)");
    }

    private void Remove(string path, string operation)
    {
        (FakeNode parent, string name) = ParentOf(path, operation);
        if (!parent.Children.Remove(name)) throw new ReplicaException(ReplicaError.NotFound, operation, "No such file or directory (2)");
    }
}
