using System.Diagnostics;
using System.Text;

namespace SyncHop.EndToEnd.Harness;

/// <summary>
/// A source (<c>src</c>) and what its destination has of it from an earlier time (<c>old</c>, copied to the destination before every
/// run): most files differ, every fourth is new, and each directory has one of the destination's own. For tests that end a run at any
/// moment and then look whether what is there is whole.
/// </summary>
internal sealed class ChangedTrees
{
    private readonly string folder;
    private readonly int directories;

    private ChangedTrees(string folder, string destination, int directories) =>
        (this.folder, Destination, this.directories) = (folder, destination, directories);

    /// <summary>Where runs write to.</summary>
    public string Destination { get; }

    /// <summary>The paths of the source's files, relative to it.</summary>
    public List<string> Files => [.. Below(folder + "/src").Order(StringComparer.Ordinal)];

    /// <summary>Makes <c>src</c> and <c>old</c>.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="random">Makes their contents.</param>
    /// <param name="directories">How many there are, <c>d0</c> and so on.</param>
    /// <param name="filesPerDirectory">Files in each, <c>f0</c> and so on.</param>
    /// <param name="largeFile">Length of every sixth file in bytes; the others have less than 5000.</param>
    /// <param name="destination">Where runs write to, if not to <c>dst</c> in the folder.</param>
    public static ChangedTrees Make(string folder, Random random, int directories, int filesPerDirectory, int largeFile, string? destination = null)
    {
        Fill(folder + "/src", "new", new DateTime(2002, 2, 2, 0, 0, 0, DateTimeKind.Utc), isOld: false);
        Fill(folder + "/old", "old", new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc), isOld: true);
        return new ChangedTrees(folder, destination ?? folder + "/dst", directories);

        void Fill(string root, string text, DateTime time, bool isOld)
        {
            for (var d = 0; d < directories; d++)
            {
                var directory = Directory.CreateDirectory($"{root}/d{d}").FullName;
                for (var f = 0; f < filesPerDirectory; f++)
                {
                    if (isOld && f % 4 == 3) continue;
                    var content = new byte[(f % 6 == 0 ? largeFile : random.Next(5000)) + text.Length];
                    random.NextBytes(content);
                    Encoding.ASCII.GetBytes(text, content);
                    File.WriteAllBytes($"{directory}/f{f}", content);
                    File.SetLastWriteTimeUtc($"{directory}/f{f}", time);
                }
                if (isOld) File.WriteAllText(directory + "/extra", "mine");
            }
        }
    }

    /// <summary>Makes the destination what it was.</summary>
    public void Reset()
    {
        Lab.Remove(Destination);
        Copy(folder + "/old", Destination);
    }

    /// <summary>Copies a tree with all its attributes.</summary>
    public static void Copy(string from, string to)
    {
        using var copy = Process.Start("cp", ["-a", from, to]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
    }

    /// <summary>Every file of the destination that has its own name is whole.</summary>
    /// <param name="what">What happened, for the message.</param>
    /// <param name="isOther">Whether a file (given its path and content) that is neither the old nor the new one may be there all the same.</param>
    public void CheckWhole(string what, Func<string, byte[], bool>? isOther = null)
    {
        foreach (var name in Below(Destination))
        {
            if (name.Split('/').Any(part => part.StartsWith('.'))) continue; // temporary, partial or delayed
            var content = File.ReadAllBytes($"{Destination}/{name}");
            Assert.True(IsContentOf($"{folder}/old/{name}", content) || IsContentOf($"{folder}/src/{name}", content) || isOther?.Invoke(name, content) == true,
                $"{name} is neither the old nor the new file: {what}");
        }
    }

    /// <summary>Whether the destination has no hidden name, as temporary files have.</summary>
    public bool IsTidy() => !Hidden().Any();

    /// <summary>The destination has no hidden name.</summary>
    public void CheckTidy(string what) => Assert.True(IsTidy(), $"{string.Join(' ', Hidden())} is left: {what}");


    /// <summary>The destination's own files are there.</summary>
    public void CheckExtras(string what)
    {
        for (var d = 0; d < directories; d++) Assert.True(File.Exists($"{Destination}/d{d}/extra"), $"d{d}/extra was deleted: {what}");
    }

    /// <summary>The destination has what the source has, and nothing besides but, where nothing is deleted, its own files.</summary>
    public void CheckSame(bool deletes, string what)
    {
        var expected = Files.Concat(deletes ? [] : Enumerable.Range(0, directories).Select(d => $"d{d}/extra"));
        var found = Directory.EnumerateFileSystemEntries(Destination, "*", SearchOption.AllDirectories)
            .Where(path => !Directory.Exists(path) || path.Contains("/.", StringComparison.Ordinal))
            // Killed between the last name and the removal of what held the files: as with rsync, an empty directory stays.
            .Where(path => !path.EndsWith("/.~tmp~", StringComparison.Ordinal) || Directory.EnumerateFileSystemEntries(path).Any())
            .Select(path => Path.GetRelativePath(Destination, path));
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        CheckHas(what);
    }

    /// <summary>The destination has what the source has, whatever else it has.</summary>
    public void CheckHas(string what)
    {
        foreach (var name in Files)
            Assert.True(IsContentOf($"{folder}/src/{name}", File.ReadAllBytes($"{Destination}/{name}")), $"{name} differs: {what}");
    }

    private IEnumerable<string> Hidden() => Below(Destination).Where(name => name.Split('/').Any(part => part.StartsWith('.')));

    private static IEnumerable<string> Below(string root) =>
        Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(path => Path.GetRelativePath(root, path));

    private static bool IsContentOf(string path, byte[] content) => File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
}
