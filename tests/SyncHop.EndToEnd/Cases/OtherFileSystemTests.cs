using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>A directory of backups on another file system, where nothing can be renamed or linked to: rsync copies, and so does synchop.</summary>
public sealed class OtherFileSystemTests(Lab lab)
{
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
}
