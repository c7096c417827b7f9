namespace SyncHop.Ssh.Configuration;

/// <summary>The names of algorithms that ssh knows, whether or not they are had here: a list with any other is a mistake.</summary>
/// <param name="What">What ssh calls a list that has a mistake.</param>
/// <param name="HasWildcards">Whether names may have wildcards also in a list that takes nothing away.</param>
/// <param name="Names">The names, of OpenSSH 6.7 to 10.</param>
internal sealed record AlgorithmNames(string What, bool HasWildcards, IReadOnlySet<string> Names)
{
    /// <summary>For Ciphers.</summary>
    public static AlgorithmNames Ciphers { get; } = Create("Bad SSH2 cipher spec", false,
        """
        3des-cbc blowfish-cbc cast128-cbc arcfour arcfour128 arcfour256 aes128-cbc aes192-cbc aes256-cbc
        rijndael-cbc@lysator.liu.se aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com
        chacha20-poly1305@openssh.com
        """);

    /// <summary>For MACs.</summary>
    public static AlgorithmNames Macs { get; } = Create("Bad SSH2 MAC spec", false,
        """
        hmac-sha1 hmac-sha1-96 hmac-sha2-256 hmac-sha2-512 hmac-md5 hmac-md5-96 hmac-ripemd160 hmac-ripemd160@openssh.com
        umac-64@openssh.com umac-128@openssh.com hmac-sha1-etm@openssh.com hmac-sha1-96-etm@openssh.com
        hmac-sha2-256-etm@openssh.com hmac-sha2-512-etm@openssh.com hmac-md5-etm@openssh.com hmac-md5-96-etm@openssh.com
        hmac-ripemd160-etm@openssh.com umac-64-etm@openssh.com umac-128-etm@openssh.com
        """);

    /// <summary>For KexAlgorithms.</summary>
    public static AlgorithmNames KeyExchanges { get; } = Create("Bad SSH2 KexAlgorithms", false,
        """
        diffie-hellman-group1-sha1 diffie-hellman-group14-sha1 diffie-hellman-group14-sha256 diffie-hellman-group16-sha512
        diffie-hellman-group18-sha512 diffie-hellman-group-exchange-sha1 diffie-hellman-group-exchange-sha256
        ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521 curve25519-sha256 curve25519-sha256@libssh.org
        sntrup4591761x25519-sha512@tinyssh.org sntrup761x25519-sha512 sntrup761x25519-sha512@openssh.com
        mlkem768x25519-sha256
        """);

    /// <summary>For HostKeyAlgorithms, PubkeyAcceptedAlgorithms and CASignatureAlgorithms.</summary>
    public static AlgorithmNames Keys { get; } = Create("Bad key types", true,
        """
        ssh-ed25519 ssh-ed25519-cert-v01@openssh.com sk-ssh-ed25519@openssh.com sk-ssh-ed25519-cert-v01@openssh.com
        ecdsa-sha2-nistp256 ecdsa-sha2-nistp256-cert-v01@openssh.com ecdsa-sha2-nistp384
        ecdsa-sha2-nistp384-cert-v01@openssh.com ecdsa-sha2-nistp521 ecdsa-sha2-nistp521-cert-v01@openssh.com
        sk-ecdsa-sha2-nistp256@openssh.com sk-ecdsa-sha2-nistp256-cert-v01@openssh.com
        webauthn-sk-ecdsa-sha2-nistp256@openssh.com webauthn-sk-ecdsa-sha2-nistp256-cert-v01@openssh.com
        ssh-dss ssh-dss-cert-v01@openssh.com ssh-xmss@openssh.com ssh-xmss-cert-v01@openssh.com
        ssh-rsa ssh-rsa-cert-v01@openssh.com rsa-sha2-256 rsa-sha2-256-cert-v01@openssh.com
        rsa-sha2-512 rsa-sha2-512-cert-v01@openssh.com
        """);

    /// <summary>Whether a list may have this name.</summary>
    public bool Has(string name) => Names.Contains(name)
        || (HasWildcards && name.AsSpan().ContainsAny('*', '?') && Names.Any(known => HostPattern.Matches(name, known, ignoreCase: false)));

    private static AlgorithmNames Create(string what, bool hasWildcards, string names) => new(
        what, hasWildcards, names.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal));
}
