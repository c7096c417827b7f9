using System.IO.Abstractions.TestingHelpers;
using SyncHop.Ssh.Configuration;
using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

public sealed class ConfigTests
{
    private readonly MockFileSystem _files = new();

    private SshSettings Settings => new()
    {
        Home = "/home/me",
        SystemDirectory = "/etc/ssh",
        LocalUser = "me",
        FileSystem = _files,
    };

    [Fact]
    public void Without_files_the_defaults_hold()
    {
        HopSettings hop = Resolve("Host.Example");

        Assert.Equal(("host.example", 22, "me", "host.example"), (hop.HostName, hop.Port, hop.User, hop.HostKeyName));
        Assert.Equal(
            ["/home/me/.ssh/id_rsa", "/home/me/.ssh/id_ecdsa", "/home/me/.ssh/id_ecdsa_sk",
                "/home/me/.ssh/id_ed25519", "/home/me/.ssh/id_ed25519_sk"],
            hop.IdentityFiles);
        Assert.True(hop.IdentitiesAreDefault);
        Assert.Equal(
            ["/home/me/.ssh/known_hosts", "/home/me/.ssh/known_hosts2",
                "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"],
            hop.KnownHostsFiles);
        Assert.Equal(UnknownHostKey.Ask, hop.UnknownHostKey);
        Assert.Empty(hop.ProxyJump);
    }

    [Fact]
    public void First_value_wins_across_blocks_and_files_and_the_command_line_over_all()
    {
        User("Host a\n  Port 1\nHost *\n  Port 2\n  User config\n");
        System("Port 3\nUser system\nConnectTimeout 7\n");

        HopSettings a = Resolve("a"), b = Resolve("b");

        Assert.Equal((1, "config", TimeSpan.FromSeconds(7)), (a.Port, a.User, a.ConnectTimeout));
        Assert.Equal(2, b.Port);
        Assert.Equal((9, "typed"), (Resolve(new Hop("a", 9, "typed")).Port, Resolve(new Hop("a", 9, "typed")).User));
    }

    [Theory]
    [InlineData("Host a b", "b", true)]
    [InlineData("Host * !b", "b", false)]
    [InlineData("Host !b *", "a", true)]
    [InlineData("Host !a", "b", false)]
    [InlineData("Host *.org", "x.ORG", false)]
    [InlineData("Match host *.org", "x.ORG", true)]
    [InlineData("Match originalhost=X.org", "x.ORG", true)]
    [InlineData("Match all", "b", true)]
    [InlineData("Match host a,b", "b", true)]
    [InlineData("Match !host a,b", "b", false)]
    [InlineData("Match host a user me", "a", true)]
    [InlineData("Match host a user you", "a", false)]
    [InlineData("Match originalhost a localuser me", "a", true)]
    [InlineData("Match exec true", "a", true)]
    [InlineData("Match exec \"test %h-%n-%r-%p = a-a-me-22\"", "a", true)]
    [InlineData("Match exec false", "a", false)]
    [InlineData("Match !exec false", "a", true)]
    [InlineData("Match host b exec \"touch /tmp/never\"", "a", false)]
    [InlineData("Match final all", "a", true)]
    [InlineData("Match canonical", "a", false)]
    [InlineData("Match !final host a", "a", true)]
    [InlineData("Tag x\nMatch tagged x,y", "a", true)]
    [InlineData("Tag x\nMatch tagged y", "a", false)]
    public void Blocks_apply_as_ssh_config_says(string block, string host, bool applies)
    {
        User($"{block}\n  Port 99\n");

        Assert.Equal(applies ? 99 : 22, Resolve(host).Port);
    }

    [Theory]
    [InlineData("Port 99")]
    [InlineData("port=99")]
    [InlineData("PORT = 99")]
    [InlineData("\tPort\t\"99\"  ")]
    [InlineData("Port 99 # comment")]
    [InlineData("Port 99\r")]
    public void Keyword_and_value_may_be_written_in_many_ways(string line)
    {
        User(line + "\n");

        Assert.Equal(99, Resolve("a").Port);
    }

    [Fact]
    public void Files_add_up_expand_and_follow_those_of_the_command_line()
    {
        User("Host a\n HostName real-%h\n User u\n IdentityFile \"~/my keys/%h\"\n"
            + " IdentityFile %d/%r@%n:%p-%u-%%\n IdentityFile none\n");
        SshSettings settings = Settings with { Identities = [new("~/all"), new("/for-b", "b"), new("/for-a", "A")] };

        HopSettings hop = Resolver(settings).Resolve(new Hop("a"), false);

        Assert.Equal("real-a", hop.HostName);
        Assert.Equal(
            ["/home/me/all", "/for-a", "/home/me/my keys/real-a", "/home/me/u@a:22-me-%"], hop.IdentityFiles);
        Assert.False(hop.IdentitiesAreDefault);
    }

    [Fact]
    public void Known_hosts_files_strictness_alias_and_keepalive_are_taken()
    {
        User("UserKnownHostsFile ~/a /b\nGlobalKnownHostsFile none\nStrictHostKeyChecking accept-new\n"
            + "HostKeyAlias Alias\nServerAliveInterval 1m30s\nServerAliveCountMax 5\nHashKnownHosts yes\n");

        HopSettings hop = Resolve("x");

        Assert.Equal(["/home/me/a", "/b"], hop.KnownHostsFiles);
        Assert.Equal((UnknownHostKey.Accept, "alias", true), (hop.UnknownHostKey, hop.HostKeyName, hop.HashKnownHosts));
        Assert.Equal((TimeSpan.FromSeconds(90), 5), (hop.KeepAliveInterval, hop.KeepAliveCount));
        Assert.Equal(
            ["/named"], Resolver(Settings with { KnownHostsFiles = ["/named"] }).Resolve(new Hop("x"), false).KnownHostsFiles);
    }

    [Theory]
    [InlineData("HostName \"\"", "\"\" is not a host name")]
    [InlineData("HostName \"a b\"", "\"a b\" is not a host name")]
    [InlineData("User \" \"", "\"\" is not a user name")]
    public void Names_that_cannot_be_are_refused(string line, string message)
    {
        User(line + "\n");

        Assert.Equal(message, Error("a"));
    }

    [Fact]
    public void Alias_of_the_host_key_stands_without_port()
    {
        User("Port 2222\nHost a\n HostKeyAlias x\n");

        Assert.Equal(("x", 22, 2222), (Resolve("a").HostKeyName, Resolve("a").HostKeyPort, Resolve("a").Port));
        Assert.Equal(("b", 2222), (Resolve("b").HostKeyName, Resolve("b").HostKeyPort));
    }

    [Fact]
    public void Include_reads_in_order_below_the_right_directory_and_only_where_the_block_applies()
    {
        User("Host a\n Include conf.d/*.conf\nHost *\n Port 5\n");
        File("/home/me/.ssh/conf.d/2.conf", "Port 2\nUser two\n");
        File("/home/me/.ssh/conf.d/1.conf", "Port 1\nHost b\n User inner-b\n");
        File("/home/me/.ssh/conf.d/.hidden.conf", "Port 3\n");
        System("Include sys.conf\n");
        File("/etc/ssh/sys.conf", "ConnectTimeout 3\n");

        Assert.Equal((1, "two"), (Resolve("a").Port, Resolve("a").User));
        Assert.Equal((5, "me"), (Resolve("b").Port, Resolve("b").User));
        Assert.Equal(TimeSpan.FromSeconds(3), Resolve("b").ConnectTimeout);
    }

    [Fact]
    public void File_that_includes_itself_is_an_error()
    {
        User("Include config\n");

        Assert.Equal("/home/me/.ssh/config line 1: too many nested Include directives", Error("a"));
    }

    [Fact]
    public void Named_file_replaces_all_others_and_must_exist()
    {
        User("Port 1\n");
        System("User system\n");
        File("/my", "Port 2\n");

        HopSettings hop = Resolver(Settings with { ConfigFile = "/my" }).Resolve(new Hop("a"), false);

        Assert.Equal((2, "me"), (hop.Port, hop.User));
        Assert.Equal(22, Resolver(Settings with { ConfigFile = "none" }).Resolve(new Hop("a"), false).Port);
        HopException e = Assert.Throws<HopException>(() => Resolver(Settings with { ConfigFile = "/missing" }));
        Assert.Equal("ssh_config file /missing does not exist", e.Message);
    }

    [Theory]
    [InlineData("Port many", "\"many\" is not a number port takes")]
    [InlineData("Port 0", "\"0\" is not a number port takes")]
    [InlineData("Port", "no argument after keyword \"port\"")]
    [InlineData("User \"open", "invalid quotes")]
    [InlineData("Host", "no argument after keyword \"host\"")]
    [InlineData("Match # x", "Match has no criterion")]
    [InlineData("Match host", "Match host has no pattern")]
    [InlineData("ConnectTimeout 1x", "\"1x\" is not a time")]
    [InlineData("ConnectTimeout 99999999999999999999", "\"99999999999999999999\" is too long a time")]
    [InlineData("StrictHostKeyChecking maybe", "stricthostkeychecking \"maybe\" is unknown")]
    [InlineData("Port 1 2", "keyword port extra arguments at end of line")]
    [InlineData("Colour red", "Bad configuration option: colour")]
    [InlineData("Match colour red", "Match criterion \"colour\" is unknown")]
    [InlineData("Match all host a", "'all' cannot be combined with other Match attributes")]
    [InlineData("Ciphers aes128-ctr,,3des-cbc", "Bad SSH2 cipher spec 'aes128-ctr,,3des-cbc'")]
    [InlineData("MACs +hmac-sha3", "Bad SSH2 MAC spec '+hmac-sha3'")]
    [InlineData("KexAlgorithms curve25519*", "Bad SSH2 KexAlgorithms 'curve25519*'")]
    [InlineData("HostKeyAlgorithms ^ssh-ed2551", "Bad key types '^ssh-ed2551'")]
    [InlineData("PubkeyAcceptedAlgorithms foo*", "Bad key types 'foo*'")]
    [InlineData("CASignatureAlgorithms rsa", "Bad key types 'rsa'")]
    [InlineData("RequiredRSASize big", "\"big\" is not a number requiredrsasize takes")]
    [InlineData("AddressFamily ipx", "unsupported option \"ipx\"")]
    [InlineData("LogLevel loud", "unsupported log level 'LOUD'")]
    [InlineData("RekeyLimit 1Q", "\"1Q\" is not an amount of data")]
    [InlineData("HashKnownHosts 2", "\"2\" is neither yes nor no")]
    [InlineData("ProxyJump a:b:c@", "ProxyJump: \"a:b:c@\" is not [user@]host[:port]")]
    public void Errors_name_file_and_line(string line, string reason)
    {
        User("# comment\nHost other\n" + line + "\n");

        Assert.Equal($"/home/me/.ssh/config line 3: {reason}", Error("a"));
    }

    [Theory]
    [InlineData("/home/me/.ssh/config", true)]
    [InlineData("/home/me/.ssh/more", true)]
    [InlineData("/etc/ssh/ssh_config", false)]
    public void File_that_others_may_write_is_refused_where_ssh_refuses_it(string path, bool refused)
    {
        User("Include more\n");
        File("/home/me/.ssh/more", "Port 5\n");
        System("User sys\n");
        _files.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);

        if (refused) Assert.Equal($"Bad owner or permissions on {path}", Error("a"));
        else Assert.Equal((5, "sys"), (Resolve("a").Port, Resolve("a").User));
    }

    [Fact]
    public void Route_has_the_hops_that_ssh_config_adds()
    {
        User("Host target\n ProxyJump u@gw2:99,gw3\nHost gw2\n ProxyJump gw1\n");

        IReadOnlyList<Hop> route = HopChain.RouteTo([new Hop("target")], Settings);

        Assert.Equal(["gw1", "gw2", "gw3", "target"], route.Select(hop => hop.Host));
        Assert.True(route[1].IsCalled("gw2") && route[1].IsCalled("u@gw2") && route[1].IsCalled("gw2:99") && !route[1].IsCalled("gw"));
    }

    [Fact]
    public void ProxyJump_expands_before_the_first_hop_with_its_own_gateways()
    {
        User("Host target\n ProxyJump u@gw2:99,gw3\nHost gw2\n ProxyJump gw1\nHost gw3\n ProxyJump ignored\n"
            + "Host direct\n ProxyJump none\nHost *\n ProxyCommand unsupported\n");

        Assert.Equal(["me@gw1", "u@gw2:99", "me@gw3", "me@target"], Plan("target"));
        Assert.Equal(["me@direct", "me@target"], Plan("direct", "target"));
        Assert.Equal(["me@gw1", "me@gw2", "me@gw3"], Plan("gw2", "gw3"));
    }

    [Fact]
    public void Gateways_in_a_circle_are_an_error()
    {
        User("Host a\n ProxyJump b\nHost b\n ProxyJump a\n");

        HopException e = Assert.Throws<HopException>(() => Plan("a"));

        Assert.Equal("ProxyJump of me@a leads in a circle", e.Message);
    }

    private string[] Plan(params string[] hosts) =>
        HopPlan.Create(hosts.Select(Hop.Parse).ToList(), Settings, _ => { }).Select(hop => hop.Display).ToArray();

    private HopSettings Resolve(string host) => Resolve(new Hop(host));

    private HopSettings Resolve(Hop hop) => Resolver(Settings).Resolve(hop, false);

    private string Error(string host) => Assert.Throws<HopException>(() => Resolve(host)).Message;

    private static ConfigResolver Resolver(SshSettings settings) =>
        new(settings, new ConfigReader(settings).ReadOptions(), new ConfigReader(settings).ReadAll(), _ => { });

    private void User(string text) => File("/home/me/.ssh/config", text);

    private void System(string text) => File("/etc/ssh/ssh_config", text);

    private void File(string path, string text) => _files.AddFile(path, new MockFileData(text));
}
