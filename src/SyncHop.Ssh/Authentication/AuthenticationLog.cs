namespace SyncHop.Ssh.Authentication;

/// <summary>What was tried at one hop and what let us in.</summary>
internal sealed class AuthenticationLog
{
    private readonly List<string> _tried = [];
    private readonly List<string> _problems = [];
    private readonly List<AcceptedKey> _keys = [];
    private bool _needsMore;

    /// <summary>The method that succeeded last, such as <c>publickey ~/.ssh/id_ed25519</c>.</summary>
    public string Accepted { get; private set; } = "none";

    /// <summary>The keys that were accepted; null where something other than a key was needed.</summary>
    public IReadOnlyList<AcceptedKey>? AcceptedKeys => _needsMore ? null : _keys;

    /// <summary>The methods the server said can continue (RFC 4252, section 5.1); null before it said so.</summary>
    public IReadOnlyList<string>? Allowed { get; set; }

    /// <summary>Why the agent could not be asked; null where it could, or there is none.</summary>
    public string? AgentProblem { get; set; }

    public bool HasTried => _tried.Count > 0;

    public string Tried => HasTried ? "tried " + string.Join(", ", _tried.Distinct()) : "nothing to try";

    public void Try(string method) => _tried.Add(Printable.Line(method));

    /// <summary>Something of ours failed, which is more likely to be the cause than what the server thinks.</summary>
    public void Fail(string problem) => _problems.Add(problem);

    public void Accept(string method)
    {
        Accepted = Printable.Line(method);
        _needsMore = true;
    }

    public void Accept(string method, AcceptedKey key)
    {
        Accepted = Printable.Line(method);
        _keys.Add(key);
    }

    /// <summary>Why the user was not let in, as ssh says it, with what was tried.</summary>
    public string Denial(string? allowedText)
    {
        string allowed = Allowed is null ? allowedText ?? "" : string.Join(',', Allowed);
        string problems = string.Concat(_problems.Distinct().Select(problem => $": {problem}"));
        return $"permission denied ({Printable.Line(allowed)}){problems}; {Tried}{(AgentProblem is null ? "" : "; " + AgentProblem)}";
    }
}
