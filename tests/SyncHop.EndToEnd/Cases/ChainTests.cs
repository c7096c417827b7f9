using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Chains of several lengths and forms; each goes there and back and must bring everything home unchanged.</summary>
public sealed class ChainTests(Lab lab)
{
    private const string Names =
        @"a=1 k/b*300000 k/\377\376=2 nl\012end=3 -dash/-x=4 l->\377 dead->nowhere empty/ x=5:0600 "
        + @"old=6@1 \040blank\040=7 .dot=8 \134\043012=9";

    private static readonly string LongName = new string('n', 255) + "=255";

    [Theory]
    [InlineData("gw,target", false)]
    [InlineData("gw,target", true)]
    [InlineData("gw,gw2,gw3,target", false)]
    [InlineData("gw,gw2,gw3,target", true)]
    public void There_and_back_through(string chain, bool asOrdinaryUser)
    {
        var user = asOrdinaryUser ? lab.OrdinaryUser : Libc.UserId;
        var folder = Folder(user);

        Succeeds(lab.Synchop(folder, user, "-a", "src/", $"{chain}:{folder}/there"));
        Succeeds(lab.Synchop(folder, user, "-a", $"{chain}:{folder}/there/", "back"));

        SameTrees(folder + "/src", folder + "/there");
        SameTrees(folder + "/src", folder + "/back");
        Lab.Remove(folder);
    }

    [Fact]
    public void A_path_without_slash_in_front_is_below_the_remote_home()
    {
        var folder = Folder(Libc.UserId);
        var name = "relative-" + Path.GetFileName(folder);

        Succeeds(lab.Synchop(folder, Libc.UserId, "-a", "src/", $"gw,target:{name}"));

        SameTrees(folder + "/src", lab.RemoteHomeOf(Libc.UserId) + "/" + name);
        Lab.Remove(folder);
    }

    [Fact]
    public void An_empty_path_is_the_remote_home()
    {
        var folder = Folder(Libc.UserId);
        var name = "home-" + Path.GetFileName(folder);
        Directory.Move(folder + "/src", folder + "/" + name);

        Succeeds(lab.Synchop(folder, Libc.UserId, "-a", name, "gw,target:"));

        SameTrees(folder + "/" + name, lab.RemoteHomeOf(Libc.UserId) + "/" + name);
        Lab.Remove(folder);
    }

    [Fact]
    public void A_URL_names_a_chain_and_an_absolute_path()
    {
        var folder = Folder(Libc.UserId);

        Succeeds(lab.Synchop(folder, Libc.UserId, "-a", "src/", $"sftp://gw,target{folder}/there"));

        SameTrees(folder + "/src", folder + "/there");
        Lab.Remove(folder);
    }

    [Fact]
    public void From_one_remote_side_to_another()
    {
        var folder = Folder(Libc.UserId);

        Succeeds(lab.Synchop(folder, Libc.UserId, "-a", $"gw,target:{folder}/src/", $"gw,gw2,gw3,target:{folder}/there"));

        SameTrees(folder + "/src", folder + "/there");
        Lab.Remove(folder);
    }

    [Fact]
    public void Users_ports_keys_and_known_hosts_from_the_command_line()
    {
        var folder = Folder(Libc.UserId);
        var home = lab.HomeOf(Libc.UserId);

        Succeeds(lab.Synchop(folder, Libc.UserId, "-a", "--ssh-config", "/dev/null", "--known-hosts", home + "/.ssh/known_hosts",
            $"--identity={lab.HostOf("gw")}={home}/.ssh/id_gw", "--identity", home + "/.ssh/id_target", "src/",
            $"{lab.UserAt("gw")}@{lab.HostOf("gw")}:{lab.PortOf("gw")},"
            + $"{lab.UserAt("target")}@{lab.HostOf("target")}:{lab.PortOf("target")}:{folder}/there"));

        SameTrees(folder + "/src", folder + "/there");
        Lab.Remove(folder);
    }

    [Fact]
    public void A_config_in_another_place()
    {
        var folder = Folder(Libc.UserId);
        var config = lab.HomeOf(Libc.UserId) + "/.ssh/config";

        Succeeds(new Command(folder, "/nonexistent", Libc.UserId,
            [Repository.Binary, "-a", "--ssh-config", config, "src/", $"gw,target:{folder}/there"]));

        SameTrees(folder + "/src", folder + "/there");
        Lab.Remove(folder);
    }

    [Fact]
    public void What_SFTP_cannot_make_is_told_and_the_rest_arrives()
    {
        var folder = lab.NewFolder(Libc.UserId);
        Tree.Parse("a=1 pipe| z=2").Build(folder + "/src", Libc.UserId, Libc.GroupId);

        var outcome = lab.Synchop(folder, Libc.UserId, "-a", "src/", $"gw,target:{folder}/there").Run();

        Assert.True(outcome.ExitCode == 23, outcome.ToString());
        Assert.Contains("pipe", outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal([".", "a", "z"], Snapshot.Take(folder + "/there", lab.Started).Paths);
        Lab.Remove(folder);
    }

    private string Folder(uint user)
    {
        var folder = lab.NewFolder(user);
        Tree.Parse(Names + " " + LongName)
            .Build(folder + "/src", user, user == Libc.UserId ? Libc.GroupId : user);
        return folder;
    }

    private static void Succeeds(Command command)
    {
        var outcome = command.Run();
        Assert.True(outcome is { ExitCode: 0, Stdout: "", Stderr: "" }, outcome.ToString());
    }

    private void SameTrees(string expected, string actual) =>
        Assert.Null(Snapshot.Difference(Snapshot.Take(expected, lab.Started), Snapshot.Take(actual, lab.Started)));
}
