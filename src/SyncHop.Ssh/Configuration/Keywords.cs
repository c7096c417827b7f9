namespace SyncHop.Ssh.Configuration;

/// <summary>Every keyword ssh knows: what its value must be, and what is not done about it here.</summary>
internal static class Keywords
{
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["identityfile2"] = "identityfile",
        ["dsaauthentication"] = "pubkeyauthentication",
        ["challengeresponseauthentication"] = "kbdinteractiveauthentication",
        ["skeyauthentication"] = "kbdinteractiveauthentication",
        ["tisauthentication"] = "kbdinteractiveauthentication",
        ["pubkeyacceptedkeytypes"] = "pubkeyacceptedalgorithms",
        ["keepalive"] = "tcpkeepalive",
    };

    private static readonly Dictionary<string, Action<ConfigLine>> Checks = new(StringComparer.Ordinal)
    {
        ["hostname"] = line => line.Single(),
        ["port"] = line => ConfigValue.Port(line),
        ["user"] = line => line.Single(),
        ["identityfile"] = line => ConfigValue.Text(line),
        ["certificatefile"] = line => ConfigValue.Text(line),
        ["identitiesonly"] = line => ConfigValue.Flag(line),
        ["identityagent"] = line => ConfigValue.Text(line),
        ["proxyjump"] = line => ConfigValue.Jump(line),
        ["proxycommand"] = _ => { },
        ["userknownhostsfile"] = _ => { },
        ["globalknownhostsfile"] = _ => { },
        ["stricthostkeychecking"] = line => ConfigValue.Strictness(line),
        ["hostkeyalias"] = line => ConfigValue.Text(line),
        ["hashknownhosts"] = line => ConfigValue.Flag(line),
        ["checkhostip"] = line => ConfigValue.Flag(line),
        ["connecttimeout"] = line => ConfigValue.Time(line),
        ["connectionattempts"] = line => ConfigValue.Number(line, 0, int.MaxValue),
        ["serveraliveinterval"] = line => ConfigValue.Time(line),
        ["serveralivecountmax"] = line => ConfigValue.Number(line, 0, int.MaxValue),
        ["compression"] = line => ConfigValue.Flag(line),
        ["ciphers"] = line => ConfigValue.Ciphers(line),
        ["macs"] = line => ConfigValue.Macs(line),
        ["kexalgorithms"] = line => ConfigValue.KeyExchanges(line),
        ["hostkeyalgorithms"] = line => ConfigValue.Keys(line),
        ["pubkeyacceptedalgorithms"] = line => ConfigValue.Keys(line),
        ["casignaturealgorithms"] = line => ConfigValue.Keys(line),
        ["nohostauthenticationforlocalhost"] = line => ConfigValue.Flag(line),
        ["requiredrsasize"] = line => ConfigValue.Number(line, 0, int.MaxValue),
        ["revokedhostkeys"] = line => ConfigValue.Text(line),
        ["preferredauthentications"] = line => ConfigValue.Text(line),
        ["batchmode"] = line => ConfigValue.Flag(line),
        ["numberofpasswordprompts"] = line => ConfigValue.Number(line, 0, int.MaxValue),
        ["pubkeyauthentication"] = line => ConfigValue.PublicKeyFlag(line),
        ["passwordauthentication"] = line => ConfigValue.Flag(line),
        ["kbdinteractiveauthentication"] = line => ConfigValue.Flag(line),
        ["addressfamily"] = line => ConfigValue.Family(line),
        ["bindaddress"] = line => ConfigValue.Text(line),
        ["bindinterface"] = line => ConfigValue.Text(line),
        ["tag"] = line => ConfigValue.Text(line),
        ["ignoreunknown"] = line => ConfigValue.Text(line),
        ["loglevel"] = line => ConfigValue.LogLevel(line),
        ["rekeylimit"] = ConfigValue.RekeyLimit,
        ["host"] = _ => { },
        ["match"] = ConfigMatch.Check,
        ["include"] = _ => { },
    };

    // What changes whom we trust, how we get there or get in, and is not done here. A null value: always; otherwise
    // the values that ask for nothing special. GSSAPIAuthentication is not among them: distributions switch it on for
    // everyone, and without a ticket it does nothing.
    private static readonly Dictionary<string, string[]> Unsupported = new(StringComparer.Ordinal)
    {
        ["canonicalizehostname"] = ["no", "false", "none"],
        ["hostbasedauthentication"] = ["no", "false"],
        ["knownhostscommand"] = ["none"],
        ["pkcs11provider"] = ["none"],
        ["proxyusefdpass"] = ["no", "false"],
        ["rekeylimit"] = ["default", "none"],
        ["verifyhostkeydns"] = ["no", "false"],
    };

    // Sessions with a terminal, X11, forwards of the user's own and what is long gone: nothing of it touches a copy.
    private static readonly HashSet<string> Ignored = new(
        """
        addkeystoagent afstokenpassing canonicaldomains canonicalizefallbacklocal canonicalizemaxdots
        canonicalizepermittedcnames channeltimeout cipher clearallforwardings compressionlevel controlmaster controlpath
        controlpersist dynamicforward enableescapecommandline enablesshkeysign escapechar exitonforwardfailure
        fallbacktorsh fingerprinthash forkafterauthentication forwardagent forwardx11 forwardx11timeout
        forwardx11trusted gatewayports globalknownhostsfile2 gssapiauthentication gssapiclientidentity
        gssapidelegatecredentials gssapikexalgorithms gssapikeyexchange gssapirenewalforcesrekey gssapiserveridentity
        gssapitrustdns hostbasedacceptedalgorithms hostbasedkeytypes ipqos kbdinteractivedevices
        kerberosauthentication kerberostgtpassing localcommand localforward logverbose obscurekeystroketiming
        permitlocalcommand permitremoteopen protocol protocolkeepalives refuseconnection remotecommand remoteforward
        requesttty rhostsauthentication rhostsrsaauthentication rsaauthentication securitykeyprovider sendenv
        sessiontype setenv setuptimeout smartcarddevice stdinnull streamlocalbindmask streamlocalbindunlink
        syslogfacility tcpkeepalive tunnel tunneldevice updatehostkeys useblacklistedkeys usekeychain
        useprivilegedport userknownhostsfile2 useroaming usersh versionaddendum visualhostkey warnweakcrypto
        xauthlocation
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    /// <summary>The present name of a keyword that has an older one.</summary>
    public static string Present(string keyword) => Renamed.GetValueOrDefault(keyword, keyword);

    /// <summary>Whether ssh knows the keyword.</summary>
    public static bool Exists(string keyword) =>
        Checks.ContainsKey(keyword) || Unsupported.ContainsKey(keyword) || Ignored.Contains(keyword);

    /// <summary>Refuses a value that the keyword does not take, whether or not the line will ever apply, as ssh does.</summary>
    /// <exception cref="HopException">It does not; the message names file and line.</exception>
    public static void Check(ConfigLine line) => Checks.GetValueOrDefault(line.Keyword)?.Invoke(line);

    /// <summary>Whether the line asks for something that matters and is not done here.</summary>
    public static bool IsUnsupported(ConfigLine line) =>
        Unsupported.TryGetValue(line.Keyword, out string[]? harmless)
        && !harmless.Contains(line.Arguments[0], StringComparer.OrdinalIgnoreCase);
}
