using System.Text;
using CsCheck;
using SyncHop.Engine.Contract;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

/// <summary>Any sequence of changes gives the tree that a simple model predicts, or fails where the model says so.</summary>
public sealed class ModelTests : LocalFixture
{
    private enum Change
    {
        MakeDirectory,
        Write,
        Link,
        RemoveFile,
        RemoveDirectory,
        Rename,
        List,
    }

    /// <summary>Paths with their content; null is a directory.</summary>
    private sealed class Model
    {
        public readonly SortedDictionary<string, string?> Entries = new(StringComparer.Ordinal);

        public bool IsDirectory(string path) => path.Length == 0 || (Entries.TryGetValue(path, out string? content) && content is null);

        public bool HasParent(string path) => IsDirectory(path[..Math.Max(0, path.LastIndexOf('/'))]);

        public bool IsEmpty(string path) => !Entries.Keys.Any(k => k.StartsWith(path + "/", StringComparison.Ordinal));

        public bool CanMake(string path) => HasParent(path) && !Entries.ContainsKey(path);

        public bool Rename(string from, string to)
        {
            if (!Entries.ContainsKey(from) || !HasParent(to) || to.StartsWith(from + "/", StringComparison.Ordinal)) return false;
            if (from == to) return true;
            if (Entries.ContainsKey(to) && (IsDirectory(from) != IsDirectory(to) || !IsEmpty(to))) return false;
            foreach (string path in Entries.Keys.Where(k => k == from || k.StartsWith(from + "/", StringComparison.Ordinal)).ToArray())
            {
                Entries.Remove(path, out string? content);
                Entries[to + path[from.Length..]] = content;
            }
            return true;
        }
    }

    [Fact]
    public async Task A_sequence_of_changes_gives_the_tree_that_the_model_has()
    {
        Gen<string> path = Gen.Char["abc"].Array[1, 4].Select(names => string.Join('/', names));
        Gen<(Change, string, string)[]> changes = Gen.Select(Gen.Enum<Change>(), path, path).Array[1, 60];
        int run = 0;
        await changes.SampleAsync(async sequence =>
        {
            using IReplica replica = Host.Open(Encoding.UTF8.GetBytes(InRoot($"run{run++}")));
            await replica.CreateDirectoryAsync(RelativePath.Root, 0x1ED, CancellationToken.None);
            Model model = new();
            foreach ((Change change, string x, string y) in sequence)
            {
                bool isExpected = Apply(model, change, x, y);
                if (isExpected != await ApplyAsync(replica, change, x, y)) return false;
            }
            SortedDictionary<string, string?> found = new(StringComparer.Ordinal);
            await CollectAsync(replica, RelativePath.Root, found);
            return found.SequenceEqual(model.Entries);
        }, iter: 400, threads: 1);
    }

    private static bool Apply(Model model, Change change, string x, string y)
    {
        switch (change)
        {
            case Change.MakeDirectory when model.CanMake(x):
                model.Entries[x] = null;
                return true;
            case Change.Write when model.HasParent(x) && !model.IsDirectory(x):
                model.Entries[x] = "file " + y;
                return true;
            case Change.Link when model.CanMake(x):
                model.Entries[x] = "link " + y;
                return true;
            case Change.RemoveFile when model.Entries.ContainsKey(x) && !model.IsDirectory(x):
                return model.Entries.Remove(x);
            case Change.RemoveDirectory when model.IsDirectory(x) && model.IsEmpty(x):
                return model.Entries.Remove(x);
            case Change.Rename:
                return model.Rename(x, y);
            case Change.List:
                return model.IsDirectory(x);
            default:
                return false;
        }
    }

    private static async Task<bool> ApplyAsync(IReplica replica, Change change, string x, string y)
    {
        try
        {
            switch (change)
            {
                case Change.MakeDirectory:
                    await replica.CreateDirectoryAsync(P(x), 0x1ED, CancellationToken.None);
                    break;
                case Change.Write:
                    await using (ITargetFile file = await replica.CreateFileAsync(P(x).Parent.Join(".tmp"u8), 0x180, 0, CancellationToken.None))
                    {
                        await file.WriteAsync(0, Encoding.UTF8.GetBytes(y), CancellationToken.None);
                        await file.CommitAsync(P(x), Encoding.UTF8.GetByteCount(y), None, CancellationToken.None);
                    }
                    break;
                case Change.Link:
                    await replica.CreateSymlinkAsync(P(x), Encoding.UTF8.GetBytes(y), CancellationToken.None);
                    break;
                case Change.RemoveFile:
                    await replica.RemoveFileAsync(P(x), CancellationToken.None);
                    break;
                case Change.RemoveDirectory:
                    await replica.RemoveDirectoryAsync(P(x), CancellationToken.None);
                    break;
                case Change.Rename:
                    await replica.RenameAsync(P(x), P(y), CancellationToken.None);
                    break;
                default:
                    await replica.ListAsync(P(x), false, CancellationToken.None);
                    break;
            }
            return true;
        }
        catch (ReplicaException)
        {
            return false;
        }
    }

    private static async Task CollectAsync(IReplica replica, RelativePath directory, SortedDictionary<string, string?> found)
    {
        FileList list = await replica.ListAsync(directory, linkTargets: true, CancellationToken.None);
        for (int i = 0; i < list.Count; i++)
        {
            FileType type = list.Entries[i].Stat.Type;
            RelativePath path = directory.Join(list.NameOf(list.Entries[i]));
            if (type == FileType.Directory)
            {
                found[path.ToString()] = null;
                await CollectAsync(replica, path, found);
            }
            else if (type == FileType.Symlink)
            {
                found[path.ToString()] = "link " + Encoding.UTF8.GetString(list.TargetOf(list.Entries[i]));
            }
            else
            {
                await using ISourceFile file = await replica.OpenReadAsync(path, CancellationToken.None);
                byte[] content = new byte[100];
                int length = await file.ReadAsync(0, content, CancellationToken.None);
                found[path.ToString()] = "file " + Encoding.UTF8.GetString(content, 0, length);
            }
        }
    }
}
