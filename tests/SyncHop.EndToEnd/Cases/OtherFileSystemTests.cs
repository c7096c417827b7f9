using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>A directory of backups on another file system, where nothing can be renamed or linked to: rsync copies, and so does synchop.</summary>
public sealed class OtherFileSystemTests(Lab lab)
{
    private static readonly string[] s_kept = ["f", "d/g", "gone"];

    [Theory]
    [InlineData("-a")]
    [InlineData("-a --inplace")]
    [InlineData("-a --delay-updates")]
    [InlineData("-a --partial-dir=.p")]
    public void Backups_are_copied_there(string options)
    {
        Assert.SkipUnless(lab.HasOtherFileSystem, $"{lab.OtherFileSystem} is not on another file system here");
        var folder = lab.NewFolder(Libc.UserId);
        var backups = Path.Combine(lab.OtherFileSystem, Path.GetRandomFileName());
        Tree.Parse("f=new d/g=newer").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Tree.Parse("f=old:0640@-9 d/g=older@-5 d/gone=1 l->to p|").Build(folder + "/dst", Libc.UserId, Libc.GroupId);
        var outcome = lab.Synchop(folder, Libc.UserId, [.. options.Split(' '), "-b", "--delete", "--backup-dir=" + backups, "src/", "dst/"]).Run();
        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());

        Assert.Equal(["d", "f", "l", "p"], Libc.List(backups).Order(StringComparer.Ordinal));
        Assert.Equal(["g", "gone"], Libc.List(backups + "/d").Order(StringComparer.Ordinal));
        Assert.Equal("old", File.ReadAllText(backups + "/f"));
        Assert.Equal((Tree.Octal("640"), Tree.Epoch - 9), (Libc.TryStatus(backups + "/f")!.Value.Mode, Libc.TryStatus(backups + "/f")!.Value.Seconds));
        Assert.Equal("older", File.ReadAllText(backups + "/d/g"));
        Assert.Equal("to", Libc.ReadLink(backups + "/l"));
        Assert.Equal('p', Libc.TryStatus(backups + "/p")!.Value.Kind);
        Assert.Equal(["d", "f"], Libc.List(folder + "/dst").Order(StringComparer.Ordinal));
        Assert.Equal("new", File.ReadAllText(folder + "/dst/f"));
        Lab.Remove(folder);
        Lab.Remove(backups);
    }

    [Theory]
    [InlineData("-a")]
    [InlineData("-a --delay-updates")]
    public void Backups_are_copied_there_on_a_server_too(string options)
    {
        Assert.SkipUnless(lab.HasOtherFileSystem, $"{lab.OtherFileSystem} is not on another file system here");
        var folder = lab.NewFolder(Libc.UserId);
        var backups = Path.Combine(lab.OtherFileSystem, Path.GetRandomFileName());
        Tree.Parse("f=new l->to").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Tree.Parse("f=older:0640@-9 d/gone=1 l->before").Build(folder + "/dst", Libc.UserId, Libc.GroupId);
        string[] words = [.. options.Split(' '), "-b", "--delete", "--backup-dir=" + backups, "src/", $"gw,target:{folder}/dst/"];
        var outcome = lab.Synchop(folder, Libc.UserId, words).Run();
        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Assert.Equal(["d", "f", "l"], Libc.List(backups).Order(StringComparer.Ordinal));
        Assert.Equal(("older", "1", "before"), (File.ReadAllText(backups + "/f"), File.ReadAllText(backups + "/d/gone"), Libc.ReadLink(backups + "/l")));
        Assert.Equal((Tree.Octal("640"), Tree.Epoch - 9), (Libc.TryStatus(backups + "/f")!.Value.Mode, Libc.TryStatus(backups + "/f")!.Value.Seconds));
        Assert.Equal(["f", "l"], Libc.List(folder + "/dst").Order(StringComparer.Ordinal));
        Assert.Equal("new", File.ReadAllText(folder + "/dst/f"));

        File.WriteAllText(folder + "/src/f", "newest");
        outcome = lab.Synchop(folder, Libc.UserId, words).Run();
        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Assert.Equal(("new", "newest"), (File.ReadAllText(backups + "/f"), File.ReadAllText(folder + "/dst/f")));
        Lab.Remove(folder);
        Lab.Remove(backups);
    }

    [Theory]
    [InlineData("-aX")]
    [InlineData("-aA")]
    [InlineData("-aAX --delete")]
    public void Copied_backups_have_attributes_and_lists_as_those_of_rsync(string options)
    {
        Assert.SkipUnless(lab.HasOtherFileSystem, $"{lab.OtherFileSystem} is not on another file system here");
        var wanted = Backups("rsync", options);
        Assert.Contains("f ", wanted, StringComparison.Ordinal);
        Assert.Equal(wanted, Backups(Repository.Binary, options));
    }

    private string Backups(string program, string options)
    {
        var folder = lab.NewFolder(Libc.UserId);
        var backups = Path.Combine(lab.OtherFileSystem, Path.GetRandomFileName());
        var there = Tree.Parse("f=old^user.a=2^access=u6,u1234.6,g4,m6,o4 d/g=older^user.b=*1000 gone=1^user.c=3");
        foreach (var attribute in there.Entries.SelectMany(entry => entry.Extended))
        {
            foreach (var place in new[] { folder, lab.OtherFileSystem }) Assert.SkipUnless(attribute.CanBeSetIn(place), $"{attribute.Name} cannot be set in {place}");
        }
        Tree.Parse("f=newer^user.a=1 d/g=newest").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        there.Build(folder + "/dst", Libc.UserId, Libc.GroupId);
        var outcome = new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId, [program, .. options.Split(' '), "-b", "--backup-dir=" + backups, "src/", "dst/"]).Run();
        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        var shown = s_kept.Where(name => File.Exists($"{backups}/{name}")).Select(name => $"{name} {Libc.TryStatus($"{backups}/{name}")!.Value.Mode} {ExtendedAttribute.Show($"{backups}/{name}")}");
        var text = string.Join('\n', shown);
        Lab.Remove(folder);
        Lab.Remove(backups);
        return text;
    }
}
