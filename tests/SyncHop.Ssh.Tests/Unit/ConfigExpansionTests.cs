using System.IO.Abstractions.TestingHelpers;
using System.Net;
using System.Net.Sockets;
using SyncHop.Ssh.Configuration;
using Xunit;

namespace SyncHop.Ssh.Tests.Unit;

/// <summary>Tokens, variables, quotes, algorithm lists, and what is not done.</summary>
public sealed class ConfigExpansionTests
{
    private readonly MockFileSystem _files = new();
    private readonly List<string> _warnings = [];

    private SshSettings Settings => new()
    {
        Home = "/home/me",
        LocalUser = "me",
        FileSystem = _files,
        EnvironmentVariable = name => name switch
        {
            "KEYS" => "/keys",
            "SSH_AUTH_SOCK" => "/agent",
            _ => null,
        },
    };

    [Theory]
    [InlineData("%d/%h/%p/%r/%n/%u/%%", "/home/me/real/22/you/alias/me/%")]
    [InlineData("/%k-%j-", "/key-u@gw:3-")]
    [InlineData("${KEYS}/x", "/keys/x")]
    [InlineData("~/$KEYS", "/home/me/$KEYS")]
    public void Tokens_and_variables_expand_in_file_names(string value, string expected) => Assert.Equal(
        [expected],
        Resolve($"HostName real\nUser you\nHostKeyAlias Key\nProxyJump u@gw:3\nIdentityFile {value}\n", "alias").IdentityFiles);

    [Fact]
    public void Tokens_of_this_machine_are_those_ssh_uses()
    {
        IReadOnlyList<string> files = Resolve("IdentityFile %L.\nIdentityFile %l\nIdentityFile %i\nIdentityFile %C\n").IdentityFiles;

        Assert.Equal([Dns.GetHostName().Split('.')[0] + ".", Dns.GetHostName()], files.Take(2));
        Assert.All(files[2], digit => Assert.InRange(digit, '0', '9'));
        Assert.Equal(40, files[3].Length);
    }

    [Theory]
    [InlineData("IdentityFile /%z", "unknown key %z")]
    [InlineData("IdentityFile /%", "a lone % at the end")]
    [InlineData("IdentityFile ${NONE}/x", "env var ${NONE} has no value")]
    [InlineData("IdentityFile ${KEYS", "environment variable without a closing brace")]
    [InlineData("HostName %p", "unknown key %p")]
    [InlineData("ProxyCommand nc %d", "unknown key %d")]
    public void What_does_not_expand_is_an_error(string line, string reason)
    {
        HopException e = Assert.Throws<HopException>(() => Resolve(line + "\n"));

        Assert.Equal($"/home/me/.ssh/config line 1: {reason}", e.Message);
    }

    [Theory]
    [InlineData("nc -X 5 -x \"a b\" %h %p # no comment", "nc -X 5 -x \"a b\" host 22 # no comment")]
    [InlineData("= ssh -W %h:%p $GW", "ssh -W host:22 $GW")]
    [InlineData("none", null)]
    [InlineData("NONE", null)]
    public void Proxy_command_is_the_rest_of_the_line(string rest, string? command) =>
        Assert.Equal(command, Resolve("ProxyCommand " + rest + "\n").ProxyCommand);

    [Theory]
    [InlineData("ProxyJump a,b\nProxyCommand c", "a b", null)]
    [InlineData("ProxyCommand c\nProxyJump a", "", "c")]
    [InlineData("ProxyJump none\nProxyCommand c", "", "c")]
    [InlineData("ProxyCommand none\nProxyJump a", "", null)]
    [InlineData("ProxyJump none\nProxyJump a", "", null)]
    public void The_first_of_command_and_jump_holds(string config, string jump, string? command)
    {
        HopSettings hop = Resolve(config + "\n");

        Assert.Equal((jump, command), (string.Join(' ', hop.ProxyJump.Select(gateway => gateway.Host)), hop.ProxyCommand));
    }

    [Theory]
    [InlineData("'a b'", "a b")]
    [InlineData("a\\ b", "a b")]
    [InlineData("\"a\\\"b\"", "a\"b")]
    [InlineData("\"a'b\"", "a'b")]
    [InlineData("a\" \"b", "a b")]
    [InlineData("\\\\a\\b", "\\a\\b")]
    [InlineData("a#b # c", "a#b")]
    public void Quotes_are_those_of_ssh(string written, string user) =>
        Assert.Equal(user, Resolve($"User {written}\n").User);

    [Theory]
    [InlineData("", "/agent")]
    [InlineData("IdentityAgent none", null)]
    [InlineData("IdentityAgent SSH_AUTH_SOCK", "/agent")]
    [InlineData("IdentityAgent $KEYS", "/keys")]
    [InlineData("IdentityAgent $MISSING", null)]
    [InlineData("IdentityAgent ${KEYS}/%h", "/keys/host")]
    [InlineData("IdentityAgent ~/s", "/home/me/s")]
    public void Agent_is_named_in_many_ways(string line, string? socket) =>
        Assert.Equal(socket, Resolve(line + "\n").IdentityAgent);

    [Theory]
    [InlineData("c,x,c", "c")]
    [InlineData("c*,b", "c,c2,b")]
    [InlineData("+c,x", "a,b,c")]
    [InlineData("+a", "a,b")]
    [InlineData("^c,b", "c,b,a")]
    [InlineData("-a", "b")]
    [InlineData("-*", "")]
    public void Algorithm_list_changes_the_defaults(string list, string expected) =>
        Assert.Equal(expected, string.Join(',', AlgorithmList.Parse(list, Letters).Apply(["a", "b"], ["a", "b", "c", "c2"])));

    private static AlgorithmNames Letters => new("Bad letter", true, new HashSet<string> { "a", "b", "c", "c2", "x" });

    [Fact]
    public void Other_directives_are_taken()
    {
        HopSettings hop = Resolve(
            """
            AddressFamily inet6
            BindAddress ::1
            BindInterface lo
            BatchMode yes
            CertificateFile ~/a
            CertificateFile /b
            CheckHostIP yes
            Compression yes
            ConnectionAttempts 4
            IdentitiesOnly yes
            KbdInteractiveAuthentication no
            LogLevel QUIET
            NumberOfPasswordPrompts 1
            PasswordAuthentication no
            PreferredAuthentications password,publickey
            PubkeyAuthentication no

            """);

        Assert.Equal((AddressFamily.InterNetworkV6, "::1", "lo"), (hop.AddressFamily, hop.BindAddress, hop.BindInterface));
        Assert.Equal(["/home/me/a", "/b"], hop.CertificateFiles);
        Assert.True(hop is { BatchMode: true, CheckHostIP: true, Compression: true, IdentitiesOnly: true });
        Assert.False(hop.KbdInteractiveAuthentication || hop.PasswordAuthentication || hop.PubkeyAuthentication);
        Assert.Equal((4, 1, SshLogLevel.Quiet), (hop.ConnectionAttempts, hop.NumberOfPasswordPrompts, hop.LogLevel));
        Assert.Equal(["password", "publickey"], hop.PreferredAuthentications);
    }

    [Fact]
    public void What_matters_and_is_not_done_is_said_once_with_file_and_line()
    {
        File("KnownHostsCommand none\nHost a b\n VerifyHostKeyDNS ask\n GSSAPIAuthentication yes\nHost c\n KnownHostsCommand y\n");

        HopPlan.Create([new Hop("a"), new Hop("b")], Settings, _warnings.Add);

        Assert.Equal(["/home/me/.ssh/config line 3: verifyhostkeydns ask has no effect in synchop"], _warnings);
    }

    [Fact]
    public void Nothing_is_said_about_a_quiet_host()
    {
        Resolve("LogLevel quiet\nVerifyHostKeyDNS yes\n");

        Assert.Empty(_warnings);
    }

    [Fact]
    public void Unknown_keywords_are_ignored_where_the_user_says_so()
    {
        Assert.Equal(5, Resolve("IgnoreUnknown use*,colour\nHost other\nUsePhone yes\nHost *\nColour red\nPort 5\n").Port);
        Assert.Throws<HopException>(() => Resolve("Colour red\nIgnoreUnknown colour\n"));
    }

    [Fact]
    public void Options_of_the_final_host_stand_before_everything_and_hold_for_it_alone()
    {
        File("User file\nPort 3\nIdentityFile /file\n");
        SshSettings settings = Settings with { TargetOptions = ["User=option", "IdentityFile=\"/o p\"", "ProxyJump=x,y"] };

        IReadOnlyList<HopSettings> direct = HopPlan.Create([new Hop("t", 9, "typed")], settings, _warnings.Add);
        IReadOnlyList<HopSettings> behind = HopPlan.Create([new Hop("g", null, "typed"), new Hop("t")], settings, _warnings.Add);

        Assert.Equal(["file@x:3", "file@y:3", "option@t:9"], direct.Select(hop => hop.Display));
        Assert.Equal(["/o p", "/file"], direct[2].IdentityFiles);
        Assert.Equal(["/file"], direct[1].IdentityFiles);
        Assert.Equal(["file@x:3", "file@y:3", "typed@g:3", "option@t:3"], behind.Select(hop => hop.Display));
    }

    [Theory]
    [InlineData("Nonsense=1", "command-line line 0: Bad configuration option: nonsense")]
    [InlineData("Include=x", "command-line line 0: include cannot stand on the command line")]
    [InlineData("Port=x", "command-line line 0: \"x\" is not a number port takes")]
    [InlineData("ProxyCommand=nc", "command-line line 0: a ProxyCommand and gateways before the host are two ways to it; give one of them")]
    public void Wrong_options_are_refused(string option, string message)
    {
        SshSettings settings = Settings with { TargetOptions = [option] };

        HopException e = Assert.Throws<HopException>(
            () => HopPlan.Create([new Hop("g"), new Hop("t")], settings, _warnings.Add));

        Assert.Equal(message, e.Message);
    }

    [Theory]
    [InlineData("conf.d/[ab]*.conf", "1")]
    [InlineData("*/a.conf", "1 3")]
    [InlineData("/abs/[!x].conf", "4")]
    [InlineData("conf.?/b.c", "2")]
    [InlineData("missing/* conf.d/b.c", "2")]
    public void Include_globs_every_component(string pattern, string numbers)
    {
        _files.AddFile("/home/me/.ssh/conf.d/a.conf", new("IdentityFile 1\n"));
        _files.AddFile("/home/me/.ssh/conf.d/b.c", new("IdentityFile 2\n"));
        _files.AddFile("/home/me/.ssh/e/a.conf", new("IdentityFile 3\n"));
        _files.AddFile("/abs/y.conf", new("IdentityFile 4\n"));
        _files.AddFile("/abs/x.conf", new("IdentityFile 5\n"));

        Assert.Equal(numbers, string.Join(' ', Resolve($"Include {pattern}\n").IdentityFiles));
    }

    private HopSettings Resolve(string config, string host = "host")
    {
        File(config);
        var reader = new ConfigReader(Settings);
        return new ConfigResolver(Settings, [], reader.ReadAll(), _warnings.Add).Resolve(new Hop(host), isTarget: false);
    }

    private void File(string text) => _files.AddFile("/home/me/.ssh/config", new MockFileData(text));
}
