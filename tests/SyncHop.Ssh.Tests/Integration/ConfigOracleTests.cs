using System.Diagnostics;
using System.Globalization;
using CsCheck;
using SyncHop.Ssh.Configuration;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

/// <summary>
/// Generated configurations, resolved here and by <c>ssh -G</c>. What differs on purpose is not generated or is put
/// aside in <see cref="Ours"/> and <see cref="Theirs"/>:
/// <list type="bullet">
/// <item>ServerAliveInterval: ours is 15 s where ssh has none, so that a lost hop is noticed; Debian's ssh has 300 s with
/// BatchMode, ours stays at 15 s.</item>
/// <item>ConnectTimeout: ours is 30 s where ssh waits for the kernel.</item>
/// <item>IdentityFile defaults: we leave out id_xmss and id_dsa, which no server takes any more.</item>
/// <item>IdentityFile, CertificateFile: <c>ssh -G</c> prints them before, we hold them after expansion.</item>
/// <item>Ciphers and the like: ssh prints the result; only what changes the defaults is ours.</item>
/// <item>ProxyJump in quotes: ssh keeps the quotes as part of the name; here they are quotes.</item>
/// <item>Compression true and false: ssh takes only yes and no there; here they are as good as elsewhere.</item>
/// <item>Match: ssh 9.2 does not know single quotes there; here they are quotes as on every other line.</item>
/// <item>ConnectionAttempts 0: ssh refuses it when it connects; here it is 1.</item>
/// <item>Tag and Match tagged: ssh 9.2 does not know them (since 9.4).</item>
/// </list>
/// </summary>
public sealed class ConfigOracleTests : IDisposable
{
    private const int Cases = 300;

    private static readonly string[] Names = ["a", "b", "web.org", "Web.ORG", "gw-1", "10.0.0.1"];

    private static readonly string[] Flags =
        ["IdentitiesOnly", "HashKnownHosts", "CheckHostIP", "Compression", "BatchMode", "PasswordAuthentication",
            "KbdInteractiveAuthentication", "PubkeyAuthentication"];

    private static readonly string[] ShownFlags = [.. Flags.Select(flag => flag.ToLowerInvariant())];

    private readonly string _directory = Directory.CreateTempSubdirectory("synchop-config-").FullName;
    private int _number;

    private static readonly Gen<string> Name = OneOf(Names);

    private static readonly Gen<string> Pattern = Gen.OneOf(
        Name, OneOf("*", "?", "*.org", "*.ORG", "web.*", "10.0.?.1", "gw-*", "real*", "REAL.org"));

    private static readonly Gen<string> Patterns =
        Gen.Select(Gen.Bool, Pattern, (negated, pattern) => (negated ? "!" : "") + pattern).Array[1, 3]
            .Select(patterns => string.Join(',', patterns));

    private static readonly Gen<string> Criterion = Gen.OneOf(
        Gen.Select(OneOf("host", "originalhost", "!host", "HOST"), Patterns, (name, p) => $"{name} {p}"),
        Gen.Select(OneOf("user", "!user", "localuser", "!localuser"),
            OneOf("root", "me,root", "*", "you", "Root", "!root,*"), (name, p) => $"{name} {p}"),
        OneOf("final", "!final", "canonical", "!canonical", "exec true", "exec \"test %h = a\"",
            "!exec \"test %n = b\"", "exec \"test %r:%p = root:22 2>/dev/null\"", "host=a", "user \"root\""));

    private static readonly Gen<string> Block = Gen.OneOf(
        Patterns.Select(patterns => "Host " + patterns.Replace(',', ' ')),
        Criterion.Array[1, 3].Select(criteria => "Match " + string.Join(' ', criteria)),
        OneOf("Match all", "Match final all", "Match !all", "host=a b", "Host \"a\" 'b'", "Host * # all"));

    private static readonly Gen<string> Directive = Gen.OneOf(
        OneOf("HostName real.org", "HostName %h", "HostName %h.real", "HostName %%%h", "HostName Real.ORG", "HostName 10.0.0.1"),
        OneOf("Port 1", "port=22", "PORT = 65535", "Port\t\"99\"", "Port '7' # seven", "Port 0022"),
        OneOf("User me", "User \"a b\"", "User a\\ b", "User 'x\"y'", "User a\" \"b", "User a\\\\b", "User root", "User =x"),
        OneOf("IdentityFile ~/k1", "IdentityFile /k2", "IdentityFile \"/k 3\"", "IdentityFile none", "IdentityFile ~/k1"),
        OneOf("CertificateFile /c1", "CertificateFile ~/c2"),
        OneOf("ProxyJump j", "ProxyJump me@j:22,k", "ProxyJump none", "ProxyJump ssh://me@k:3", "ProxyJump=NONE"),
        OneOf("ProxyCommand nc %h %p", "ProxyCommand none", "ProxyCommand = a \"b c\" # d", "ProxyCommand x=y"),
        OneOf("UserKnownHostsFile /u1 ~/u2", "UserKnownHostsFile \"/u %h\"", "UserKnownHostsFile ${HOME}/%n-%r-%p"),
        OneOf("GlobalKnownHostsFile /g1 /g2"),
        OneOf("StrictHostKeyChecking yes", "StrictHostKeyChecking no", "StrictHostKeyChecking accept-new",
            "StrictHostKeyChecking ask", "StrictHostKeyChecking off"),
        OneOf("HostKeyAlias alias", "HostKeyAlias Alias"),
        OneOf("RequiredRSASize 2048", "RequiredRSASize 1024", "RevokedHostKeys /r", "RevokedHostKeys /r2", "Ciphers -aes*",
            "MACs +hmac-md5", "HostKeyAlgorithms ssh*", "CASignatureAlgorithms ^rsa-sha2-512", "KexAlgorithms -foo"),
        OneOf("ConnectTimeout 7", "ConnectTimeout 1m30s", "ConnectTimeout 2h", "ServerAliveInterval 5",
            "ServerAliveInterval 1m", "ServerAliveCountMax 9", "ConnectionAttempts 3", "NumberOfPasswordPrompts 1"),
        OneOf("PreferredAuthentications publickey,password", "AddressFamily inet", "AddressFamily inet6",
            "AddressFamily any", "BindAddress 127.0.0.1", "BindInterface lo"),
        OneOf("LogLevel QUIET", "LogLevel debug", "LogLevel VERBOSE", "LogLevel DEBUG3", "LogLevel FATAL"),
        OneOf("IdentityAgent none", "IdentityAgent ~/agent", "IdentityAgent SSH_AUTH_SOCK"),
        Gen.Select(OneOf(Flags), OneOf("yes", "no", "YES", "No"), (name, value) => $"{name} {value}"),
        OneOf("Include inc*", "Include ?nc1 missing", "Include \"inc2\"", "Include i[n]c1 inc2"),
        OneOf("", "# comment", "   \t", "IgnoreUnknown foo*,bar", "ForwardAgent yes", "ControlPath /c", "SendEnv LANG", "Compression yes\r"),
        // What ssh refuses.
        Gen.Frequency(
            (12, Gen.Const("User you")),
            (1, OneOf("Foobar x", "Bar y", "Port many", "Port 0", "Port 1 2", "User", "User \"open", "Host", "Match",
                "Match what x", "Match host", "Match all host a", "Compression maybe", "AddressFamily ipx", "LogLevel loud",
                "ServerAliveCountMax -1", "ConnectTimeout 1x", "HostName %z", "IdentityFile a b", "Ciphers rot13", "MACs +x", "KexAlgorithms ecdh*", "HostKeyAlgorithms ssh-rs", "CASignatureAlgorithms fo*",
                "RequiredRSASize many", "User ''y'", "ProxyJump @"))));

    private static readonly Gen<string> Config = Gen.Select(
        Directive.Array[0, 3],
        Gen.Select(Block, Directive.Array[1, 4], (block, lines) => block + "\n  " + string.Join("\n  ", lines)).Array[0, 5],
        (head, blocks) => string.Join('\n', [.. head, .. blocks]) + "\n");

    private static readonly Gen<string> Included = Config.Select(
        text => text.Replace("Include", "# Include", StringComparison.Ordinal));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Ssh_resolves_the_same()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("HOME") is null, "ssh -G needs a home directory");
        int refused = 0;
        Gen.Select(Name, Config, Included, Included).Sample(
            (name, config, one, two) =>
            {
                string directory = Path.Combine(_directory, $"{Interlocked.Increment(ref _number)}");
                Directory.CreateDirectory(directory);
                // Names of included files are completed below ~/.ssh, which a test leaves alone.
                string file = Path.Combine(directory, "config");
                File.WriteAllText(file, Absolute(config, directory));
                File.WriteAllText(Path.Combine(directory, "inc1"), one);
                File.WriteAllText(Path.Combine(directory, "inc2"), two);
                (string theirs, string error) = Theirs(file, name);
                if (theirs.Length == 0) Interlocked.Increment(ref refused);
                string ours = Ours(file, name);
                Assert.True(theirs == ours, $"ssh:\n{error}\n{theirs}\nsynchop:\n{ours}\n");
            },
            iter: Cases, threads: 2);
        Assert.InRange(refused, 1, Cases / 2);
    }

    private static string Absolute(string config, string directory) => string.Join('\n', config.Split('\n').Select(line =>
        line.TrimStart().StartsWith("Include", StringComparison.Ordinal)
            ? line.Replace("inc", directory + "/inc", StringComparison.Ordinal)
                .Replace("?nc", directory + "/?nc", StringComparison.Ordinal)
                .Replace("i[n]c", directory + "/i[n]c", StringComparison.Ordinal)
            : line));

    private static string Ours(string file, string name)
    {
        var settings = new SshSettings { ConfigFile = file };
        try
        {
            var reader = new ConfigReader(settings);
            HopSettings hop = new ConfigResolver(settings, [], reader.ReadAll(), _ => { }).Resolve(new Hop(name), false);
            string[] lines =
            [
                $"hostname {hop.HostName}", $"port {hop.Port}", $"user {hop.User}",
                $"hostkeyalias {(hop.HostKeyName.Equals(hop.HostName, StringComparison.OrdinalIgnoreCase) ? "" : hop.HostKeyName)}",
                "identityfile " + (hop.IdentitiesAreDefault ? "default" : string.Join('|', hop.IdentityFiles)),
                "certificatefile " + string.Join('|', hop.CertificateFiles),
                "proxyjump " + string.Join(',', hop.ProxyJump.Select(Show)), $"proxycommand {hop.ProxyCommand}",
                "knownhosts " + string.Join(' ', hop.KnownHostsFiles), $"strict {hop.UnknownHostKey}",
                $"timeout {hop.ConnectTimeout.TotalSeconds}", $"alive {hop.KeepAliveInterval.TotalSeconds} {hop.KeepAliveCount}",
                $"attempts {hop.ConnectionAttempts}", $"prompts {hop.NumberOfPasswordPrompts}",
                "preferred " + string.Join(',', hop.PreferredAuthentications ?? []),
                $"family {hop.AddressFamily}", $"bind {hop.BindAddress} {hop.BindInterface}", $"log {hop.LogLevel}",
                $"agent {hop.IdentityAgent}", $"rsa {hop.RequiredRsaSize}", $"revoked {hop.RevokedHostKeys}",
                $"flags {hop.IdentitiesOnly} {hop.HashKnownHosts} {hop.CheckHostIP} {hop.Compression} {hop.BatchMode} "
                    + $"{hop.PasswordAuthentication} {hop.KbdInteractiveAuthentication} {hop.PubkeyAuthentication}",
            ];
            return string.Join('\n', lines);
        }
        catch (HopException)
        {
            return "";
        }
    }

    private static (string Values, string Error) Theirs(string file, string name)
    {
        var start = new ProcessStartInfo("ssh", ["-G", "-F", file, name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process ssh = Process.Start(start)!;
        Task<string> errors = ssh.StandardError.ReadToEndAsync();
        string output = ssh.StandardOutput.ReadToEnd();
        ssh.WaitForExit();
        if (ssh.ExitCode != 0) return ("", errors.Result);

        ILookup<string, string> values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2)).ToLookup(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "");
        string One(string key) => values[key].FirstOrDefault() ?? "";
        string Flag(string key) => One(key) is "yes" or "true" ? "True" : "False";
        string Seconds(string key, string none, int ours) =>
            One(key) == none ? ours.ToString(CultureInfo.InvariantCulture) : One(key);
        string home = Environment.GetEnvironmentVariable("HOME")!;
        IEnumerable<string> Files(string key) => values[key].Where(value => value != "none").Select(value =>
            value.StartsWith("~/", StringComparison.Ordinal) ? home + value[1..] : value);

        bool isDefault = values["identityfile"].Any(value => value.EndsWith("/id_xmss", StringComparison.Ordinal));
        string alias = One("hostkeyalias").ToLowerInvariant();
        string jump = One("proxyjump"), command = One("proxycommand");
        string[] lines =
        [
            "hostname " + One("hostname"), "port " + One("port"), "user " + One("user"),
            "hostkeyalias " + (alias.Equals(One("hostname"), StringComparison.OrdinalIgnoreCase) ? "" : alias),
            "identityfile " + (isDefault ? "default" : string.Join('|', Files("identityfile"))),
            "certificatefile " + string.Join('|', Files("certificatefile")),
            "proxyjump " + jump,
            "proxycommand " + (command == "none" ? "" : command.Replace("%h", One("hostname"), StringComparison.Ordinal)
                .Replace("%p", One("port"), StringComparison.Ordinal)),
            $"knownhosts {One("userknownhostsfile")} {One("globalknownhostsfile")}",
            "strict " + One("stricthostkeychecking") switch { "ask" => "Ask", "true" => "Refuse", "accept-new" => "Accept", _ => "AcceptAll" },
            "timeout " + Seconds("connecttimeout", "none", 30),
            $"alive {Seconds("serveraliveinterval", Flag("batchmode") == "True" ? "300" : "0", 15)} {One("serveralivecountmax")}",
            "attempts " + One("connectionattempts"), "prompts " + One("numberofpasswordprompts"),
            "preferred " + One("preferredauthentications"),
            "family " + One("addressfamily") switch { "inet" => "InterNetwork", "inet6" => "InterNetworkV6", _ => "Unspecified" },
            $"bind {One("bindaddress")} {One("bindinterface")}",
            "log " + (One("loglevel") is "SILENT" ? "Quiet" : One("loglevel") is "DEBUG" ? "Debug1"
                : CultureInfo.InvariantCulture.TextInfo.ToTitleCase(One("loglevel").ToLowerInvariant())),
            "agent " + (One("identityagent") switch
            {
                "none" => "",
                "" or "SSH_AUTH_SOCK" => Environment.GetEnvironmentVariable("SSH_AUTH_SOCK"),
                var path => path,
            }),
            "rsa " + One("requiredrsasize"), "revoked " + One("revokedhostkeys"),
            "flags " + string.Join(' ', ShownFlags.Select(Flag)),
        ];
        return (string.Join('\n', lines), "");
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Show(Hop hop) =>
        (hop.User is null ? "" : hop.User + "@") + hop.Host + (hop.Port is { } port ? $":{port}" : "");
}
