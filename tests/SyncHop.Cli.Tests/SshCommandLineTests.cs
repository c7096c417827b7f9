using SyncHop.Cli.Options;
using SyncHop.Cli.Rsh;
using SyncHop.Engine;
using Xunit;

namespace SyncHop.Cli.Tests;

public class SshCommandLineTests
{
    [Theory]
    [InlineData("nossh", "RSYNC_RSH=nossh: synchop speaks SSH")]
    [InlineData("ssh -Z", "RSYNC_RSH=ssh -Z: synchop does not understand")]
    public void A_mistake_in_the_variable_names_the_variable(string value, string message) =>
        Assert.StartsWith(message, Assert.Throws<CommandException>(() => CommandLine.Parse(["a", "host:b"], value)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ssh", "")]
    [InlineData("/usr/bin/ssh  -p 22  -l me", "Port=\"22\" User=\"me\"")]
    [InlineData("ssh -p22 -lme -ikey", "Port=\"22\" User=\"me\" IdentityFile=\"key\"")]
    [InlineData("ssh -4C6 -vq", "AddressFamily=inet Compression=yes AddressFamily=inet6 LogLevel=VERBOSE LogLevel=QUIET")]
    [InlineData("ssh -aTx -tt -A -Cp 3", "ForwardX11=no Compression=yes Port=\"3\"")]
    [InlineData("ssh -J a,u@b:3 -c aes128-ctr -m hmac-sha2-256", "ProxyJump=a,u@b:3 Ciphers=\"aes128-ctr\" MACs=\"hmac-sha2-256\"")]
    [InlineData("ssh -b 10.0.0.1 -B eth0", "BindAddress=\"10.0.0.1\" BindInterface=\"eth0\"")]
    [InlineData("ssh -oPort=3 -o 'User me' -o BatchMode=yes", "Port=3 User me BatchMode=yes")]
    [InlineData("ssh -L 1:h:2 -R3:h:4 -D 5 -e none -S none -E log", "")]
    [InlineData("ssh -i 'a \"\\b'", "IdentityFile=\"a \\\"\\\\b\"")]
    [InlineData(
        "ssh -o 'ProxyCommand nohup ssh -l foo -i foo.id gateway nc -w 5 %h %p' -l baz -i baz.id",
        "ProxyCommand nohup ssh -l foo -i foo.id gateway nc -w 5 %h %p User=\"baz\" IdentityFile=\"baz.id\"")]
    public void Options_become_directives(string command, string expected) =>
        Assert.Equal(expected, string.Join(' ', SshCommandLine.Parse(command).Directives));

    [Fact]
    public void A_configuration_file_holds_for_all_hops()
    {
        Assert.Equal("my config", SshCommandLine.Parse("ssh -F 'my config'").ConfigFile);
        Assert.Null(SshCommandLine.Parse("ssh").ConfigFile);
    }

    [Theory]
    [InlineData("", "--rsh: the command is empty")]
    [InlineData("'ssh", "Missing trailing-' in remote-shell command.")]
    [InlineData("plink -l me", "--rsh=plink -l me: synchop speaks SSH itself and reads only ssh's command line, not that of plink")]
    [InlineData("sudo ssh", "--rsh=sudo ssh: synchop speaks SSH itself and reads only ssh's command line, not that of sudo")]
    [InlineData("ssh -p", "--rsh=ssh -p: -p needs a value")]
    [InlineData("ssh -W h:1", "--rsh=ssh -W h:1: synchop does not understand ssh's option -W")]
    [InlineData("ssh -N", "--rsh=ssh -N: synchop does not understand ssh's option -N")]
    [InlineData("ssh -Z", "--rsh=ssh -Z: synchop does not understand ssh's option -Z")]
    [InlineData("ssh host", "--rsh=ssh host: \"host\" is not an option of ssh; the host stands in the source or destination")]
    [InlineData("ssh --help", "--rsh=ssh --help: \"--help\" is not an option of ssh; the host stands in the source or destination")]
    public void What_is_not_understood_is_refused(string command, string message)
    {
        CommandException e = Assert.Throws<CommandException>(() => SshCommandLine.Parse(command));

        Assert.Equal(message, e.Message);
        Assert.Equal(ExitCode.Usage, e.Code);
    }

    // Every expectation is what rsync 3.5.0 hands to a program that shows its arguments.
    [Theory]
    [InlineData("'a b' c'd e'f", "<a b><cd ef>")]
    [InlineData("'a''b' \"x\"\"y\" '' z", "<a'b><x\"y><><z>")]
    [InlineData("a\\ b\tc  d", "<a\\><b\tc><d>")]
    [InlineData("-o'x y'", "<-ox y>")]
    [InlineData("'a' 'b' \"it's\"", "<a><b><it's>")]
    public void Words_are_those_of_rsync(string command, string words) =>
        Assert.Equal(words, string.Concat(CommandWords.Split(command).Select(word => $"<{word}>")));
}
