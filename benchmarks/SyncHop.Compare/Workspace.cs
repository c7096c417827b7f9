namespace SyncHop.Compare;

/// <summary>The folders of a comparison: the trees, and where they are copied to.</summary>
internal sealed class Workspace
{
    private const int ManyFiles = 5000;

    private readonly string _root;
    private readonly HashSet<string> _made = [];
    private int _putAway;

    /// <param name="root">A folder for the local side.</param>
    /// <param name="remoteHome">The target's folder, on the same machine.</param>
    public Workspace(string root, string remoteHome)
    {
        _root = Directory.CreateDirectory(Path.Combine(root, "local")).FullName;
        RemoteHome = remoteHome;
        Empty = Directory.CreateDirectory(Path.Combine(remoteHome, "empty")).FullName;
    }

    /// <summary>The target's folder.</summary>
    public string RemoteHome { get; }

    /// <summary>An empty folder on the target.</summary>
    public string Empty { get; }

    /// <summary>The source and the destination of a case, as folders of this machine.</summary>
    public (string Source, string Destination) Folders(Case c)
    {
        string name = c.Data!.Name.Replace(' ', '-');
        return c.Job switch
        {
            Job.Pull => (Path.Combine(RemoteHome, name), Path.Combine(_root, "copy")),
            Job.Push => (Path.Combine(_root, name), Path.Combine(RemoteHome, "copy")),
            Job.PushChanged => (Path.Combine(_root, name + "-changed"), Path.Combine(RemoteHome, "copy")),
            _ => (Path.Combine(_root, name), Path.Combine(RemoteHome, name)),
        };
    }

    /// <summary>Makes what the case needs before each run: the source, and a destination that is as it should be.</summary>
    /// <param name="c">The case.</param>
    /// <param name="push">Copies a folder to the target as the program does it that will run, not timed.</param>
    public void Prepare(Case c, Action<string, string> push)
    {
        if (c.Data is null) return;
        (string source, string destination) = Folders(c);
        MakeOnce(source, () =>
        {
            c.Data.Create(source);
            if (c.Job == Job.PushChanged) DataSet.EditLarge(source);
        });
        if (c.Job is Job.NothingToDo or Job.DryRun)
        {
            MakeOnce(destination, () => c.Data.Create(destination));
            return;
        }
        if (Directory.Exists(destination)) Clear(destination, c.Data.Files);
        if (c.Job != Job.PushChanged) return;
        string before = Path.Combine(_root, c.Data.Name.Replace(' ', '-'));
        MakeOnce(before, () => c.Data.Create(before));
        // By the program itself: what it remembers of the first push is there at the second.
        push(before, destination);
    }

    /// <summary>Whether the destination has every file of the source with its size and content.</summary>
    public bool IsCopied(Case c)
    {
        (string source, string destination) = Folders(c);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(destination, Path.GetRelativePath(source, file));
            if (!File.Exists(copy) || !HaveSameContent(file, copy)) return false;
        }
        return true;
    }

    /// <summary>
    /// Removes a copy; one of many files is only put away: ext4 does not use the numbers of files again that were removed a moment ago, and
    /// looks for others for longer than a whole run takes.
    /// </summary>
    private void Clear(string copy, int files)
    {
        if (files < ManyFiles) Directory.Delete(copy, recursive: true);
        else Directory.Move(copy, $"{copy}-{_putAway++}");
    }

    private void MakeOnce(string folder, Action make)
    {
        if (_made.Add(folder)) make();
    }

    private static bool HaveSameContent(string a, string b)
    {
        using FileStream x = File.OpenRead(a);
        using FileStream y = File.OpenRead(b);
        if (x.Length != y.Length) return false;
        byte[] p = new byte[1 << 16];
        byte[] q = new byte[1 << 16];
        while (x.ReadAtLeast(p, p.Length, throwOnEndOfStream: false) is > 0 and int length)
        {
            if (y.ReadAtLeast(q, q.Length, throwOnEndOfStream: false) != length || !p.AsSpan(0, length).SequenceEqual(q.AsSpan(0, length))) return false;
        }
        return true;
    }
}
