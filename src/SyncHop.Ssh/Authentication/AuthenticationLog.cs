namespace SyncHop.Ssh.Authentication;

/// <summary>What was tried at one hop and what let us in.</summary>
internal sealed class AuthenticationLog
{
    private readonly List<string> _tried = [];

    /// <summary>The method that succeeded last, such as <c>publickey ~/.ssh/id_ed25519</c>.</summary>
    public string Accepted { get; private set; } = "none";

    /// <summary>The methods the server said can continue (RFC 4252, section 5.1); null before it said so.</summary>
    public IReadOnlyList<string>? Allowed { get; set; }

    public bool HasTried => _tried.Count > 0;

    public string Tried => HasTried ? "tried " + string.Join(", ", _tried.Distinct()) : "nothing to try";

    public void Try(string method) => _tried.Add(Printable.Line(method));

    public void Accept(string method) => Accepted = Printable.Line(method);

    /// <summary>Why the user was not let in, as ssh says it, with what was tried.</summary>
    public string Denial(string? allowedText)
    {
        string allowed = Allowed is null ? allowedText ?? "" : string.Join(',', Allowed);
        return $"permission denied ({Printable.Line(allowed)}); {Tried}";
    }
}
