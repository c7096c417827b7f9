using SyncHop.Cli.Arguments;
using SyncHop.Cli.Endpoints;
using SyncHop.Engine;
using Xunit;

namespace SyncHop.Cli.Tests;

public class EndpointParserTests
{
    /// <summary>Argument, and what it is: <c>local PATH</c>, or <c>USER;HOST;PORT > … > PATH</c>.</summary>
    public static TheoryData<string, string> Valid => new()
    {
        // Local: no colon before the first slash.
        { "dir", "local dir" },
        { ".", "local ." },
        { "/", "local /" },
        { "/a:b", "local /a:b" },
        { "./a,b:c", "local ./a,b:c" },
        { "a/b:c", "local a/b:c" },
        { "a/b::c", "local a/b::c" },
        { "./host::m", "local ./host::m" },
        { "a,b", "local a,b" },
        { "a,b/c:d", "local a,b/c:d" },
        { "a@b", "local a@b" },
        { "~/x:y", "local ~/x:y" },
        { "@file", "local @file" },
        { "[suggest]", "local [suggest]" },
        { "[::1]", "local [::1]" },
        { "[::1", "local [::1" },
        { "[x]y:z", "local [x]y:z" },
        { "a\uDCFFb", "local a\uDCFFb" },
        { "//host/x", "local //host/x" },
        { "/sftp://h/x", "local /sftp://h/x" },

        // One host.
        { "host:", ";host; > " },
        { "host:.", ";host; > ." },
        { "host:path", ";host; > path" },
        { "host:/abs/", ";host; > /abs/" },
        { "host:~/x", ";host; > ~/x" },
        { "host:a:b", ";host; > a:b" },
        { "host:a b\uDCFF", ";host; > a b\uDCFF" },
        { "user@host:path", "user;host; > path" },
        { "u@v@host:p", "u@v;host; > p" },
        { "u:x@host:p", ";u; > x@host:p" },
        { "Ünï@höst:p", "Ünï;höst; > p" },
        { ".:x", ";.; > x" },
        { "10.0.0.1:x", ";10.0.0.1; > x" },
        { "host:a@b:c", ";host; > a@b:c" },

        // Ports: digits between two colons.
        { "host:22", ";host; > 22" },
        { "host:22:", ";host;22 > " },
        { "host:22:path", ";host;22 > path" },
        { "host:22:/a:b", ";host;22 > /a:b" },
        { "host:22::x", ";host;22 > :x" },
        { "host:22:23:x", ";host;22 > 23:x" },
        { "host:1:x", ";host;1 > x" },
        { "host:65535:x", ";host;65535 > x" },
        { "host:022:x", ";host;22 > x" },
        { "host:22x:p", ";host; > 22x:p" },
        { "host:./22:x", ";host; > ./22:x" },
        { "host:22/a:b", ";host; > 22/a:b" },
        { "user@host:2222:p", "user;host;2222 > p" },

        // Hops.
        { "gw,host:p", ";gw; > ;host; > p" },
        { "gw,host:", ";gw; > ;host; > " },
        { "gw,target:tmp", ";gw; > ;target; > tmp" },
        { "gw:2222,host:p", ";gw;2222 > ;host; > p" },
        { "gw,host:22:p", ";gw; > ;host;22 > p" },
        { "gw:1,host:2:p", ";gw;1 > ;host;2 > p" },
        { "foo@gw,bar@host:p", "foo;gw; > bar;host; > p" },
        { "foo@gw:1,b@r@mid,bar@host:2:/p,q:r", "foo;gw;1 > b@r;mid; > bar;host;2 > /p,q:r" },
        { "a,b,c,d,e:p", ";a; > ;b; > ;c; > ;d; > ;e; > p" },
        { "host:a,b:c", ";host; > a,b:c" },
        { "gw,host:a,b:c", ";gw; > ;host; > a,b:c" },
        { "host:,x:y", ";host; > ,x:y" },

        // IPv6 in brackets.
        { "[::1]:p", ";::1; > p" },
        { "[::1]:22:p", ";::1;22 > p" },
        { "u@[::1]:p", "u;::1; > p" },
        { "u@[fe80::1%eth0]:22:p", "u;fe80::1%eth0;22 > p" },
        { "[::1]:22,u@[::2]:23:/p", ";::1;22 > u;::2;23 > /p" },
        { "gw,[2001:db8::2]:p", ";gw; > ;2001:db8::2; > p" },
        { "[::1],host:p", ";::1; > ;host; > p" },
        { "[gw]:p", ";gw; > p" },

        // On the host of the source before.
        { ":", "same > " },
        { ":b", "same > b" },
        { ":/b:c", "same > /b:c" },

        // URLs.
        { "sftp://host/p", ";host; > /p" },
        { "SFTP://host/p", ";host; > /p" },
        { "sftp://host", ";host; > " },
        { "sftp://host/", ";host; > /" },
        { "sftp://host//p", ";host; > //p" },
        { "sftp://host/~", ";host; > ." },
        { "sftp://host/~/x/", ";host; > ./x/" },
        { "sftp://host/%7E/x", ";host; > ./x" },
        { "sftp://host/.", ";host; > ." },
        { "sftp://host/./x", ";host; > ./x" },
        { "sftp://host/~user/x", ";host; > ~user/x" },
        { "sftp://host/.x", ";host; > /.x" },
        { "sftp://host:22/p:q,r", ";host;22 > /p:q,r" },
        { "sftp://host:/p", ";host; > /p" },
        { "sftp://u@host:22/p", "u;host;22 > /p" },
        { "sftp://u@x@host/p", "u@x;host; > /p" },
        { "sftp://a%2Cb%40c@host/p", "a,b@c;host; > /p" },
        { "sftp://u@gw:2222,v@host:23/p", "u;gw;2222 > v;host;23 > /p" },
        { "sftp://[::1]:22,[::2]/p", ";::1;22 > ;::2; > /p" },
        { "sftp://[fe80::1%25eth0]/p", ";fe80::1%eth0; > /p" },
        { "sftp://host/a%20b%2Fc%25", ";host; > /a b/c%" },
        { "sftp://host/%ff%C3%bc", ";host; > /\uDCFFü" },
        { "sftp://host/a?b#c", ";host; > /a?b#c" },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void Reads(string argument, string expected) => Assert.Equal(expected, Show(EndpointParser.Parse(argument)));

    [Theory]
    [InlineData(",host:p", "the name of hop 1 is empty")]
    [InlineData("gw,,host:p", "the name of hop 2 is empty")]
    [InlineData("gw,:p", "the name of the host is empty")]
    [InlineData("u@:p", "the name of the host is empty")]
    [InlineData("[]:p", "the name of the host is empty")]
    [InlineData("u@[]:p", "the name of the host is empty")]
    [InlineData("@host:p", "the user name of the host is empty")]
    [InlineData("@gw,host:p", "the user name of hop 1 is empty")]
    [InlineData("-h:p", "host names may not start with '-'")]
    [InlineData("u@-oProxyCommand=x:p", "host names may not start with '-'")]
    [InlineData("host :p", "impossible character in the name of the host")]
    [InlineData("ho\u001Bst:p", "impossible character in the name of the host")]
    [InlineData("u\n@host:p", "impossible character in the user name of the host")]
    [InlineData("a]b:c", "malformed brackets in the name of the host")]
    [InlineData("gw,[x]y:z", "malformed brackets in the name of the host")]
    [InlineData("host:0:p", "port 0 is not in 1..65535")]
    [InlineData("host:65536:p", "port 65536 is not in 1..65535")]
    [InlineData("gw:99999999999999999999,host:p", "port 99999999999999999999 is not in 1..65535")]
    [InlineData("gw:22,host", "no colon after the last host")]
    [InlineData("gw:22,dir/x:y", "no colon after the last host")]
    [InlineData("u@[::1:p", "no colon after the last host")]
    [InlineData("sftp://", "the name of the host is empty")]
    [InlineData("sftp:///p", "the name of the host is empty")]
    [InlineData("sftp://gw,/p", "the name of the host is empty")]
    [InlineData("sftp://u:secret@host/p", "a password in a URL is not accepted")]
    [InlineData("sftp://host:x/p", "port x is not in 1..65535")]
    [InlineData("sftp://host:-1/p", "port -1 is not in 1..65535")]
    [InlineData("sftp://host/%", "malformed percent-encoding")]
    [InlineData("sftp://host/%4", "malformed percent-encoding")]
    [InlineData("sftp://host/%zz", "malformed percent-encoding")]
    [InlineData("sftp://host/%+4", "malformed percent-encoding")]
    [InlineData("sftp://host/%00", "malformed percent-encoding")]
    [InlineData("sftp://a%2Fb/p", "impossible character in the name of the host")]
    [InlineData("ssh://host/p", "unknown URL scheme (sftp:// is the only one)")]
    public void Refuses(string argument, string reason)
    {
        CommandException e = Assert.Throws<CommandException>(() => EndpointParser.Parse(argument));
        Assert.Equal($"{argument}: {reason}", e.Message);
        Assert.Equal(ExitCode.Usage, e.Code);
    }

    [Fact]
    public void Refuses_host_and_user_names_that_are_not_utf8()
    {
        Refuses("h\uDCFF:p", "impossible character in the name of the host");
        Refuses("u\uDCFF@gw,host:p", "impossible character in the user name of hop 1");
    }

    [Theory]
    [InlineData("::1:p", "[::1]:p")]
    [InlineData("u@fe80::1%eth0:/p", "[fe80::1%eth0]:/p")]
    [InlineData("gw,::2:m", "[::2]:m")]
    public void An_address_without_brackets_is_told_to_have_some(string argument, string better)
    {
        CommandException e = Assert.Throws<CommandException>(() => EndpointParser.Parse(argument));
        Assert.Equal(ExitCode.Usage, e.Code);
        Assert.EndsWith(better, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host::module")]
    [InlineData("host::")]
    [InlineData("::m")]
    [InlineData("gw,host::module/x")]
    [InlineData("u@[::1]::m")]
    [InlineData("rsync://host/m")]
    [InlineData("RSYNC://host")]
    public void Rsyncs_daemon_is_not_supported(string argument)
    {
        CommandException e = Assert.Throws<CommandException>(() => EndpointParser.Parse(argument));
        Assert.Equal($"{argument}: synchop speaks SFTP over SSH, not rsync's daemon protocol", e.Message);
        Assert.Equal(ExitCode.Unsupported, e.Code);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("u@x@host:22")]
    [InlineData("[::1]:22")]
    public void A_hop_is_shown_as_it_is_written(string hop)
    {
        RemoteEndpoint endpoint = Assert.IsType<RemoteEndpoint>(EndpointParser.Parse($"{hop}:p"));
        Assert.Equal(hop, endpoint.Hops[0].ToString());
    }

    private static string Show(Endpoint endpoint)
    {
        string path = ByteString.Decode(endpoint.Path);
        if (endpoint is not RemoteEndpoint remote) return $"local {path}";
        if (remote.Hops.Count == 0) return $"same > {path}";
        return string.Concat(remote.Hops.Select(h => $"{h.User};{h.Host};{h.Port} > ")) + path;
    }
}
