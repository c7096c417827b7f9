using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Options;

namespace SyncHop.Cli.Completing;

/// <summary>What a word on the command line is to be completed to.</summary>
internal enum CompletionKind
{
    /// <summary>A source or the destination on another host.</summary>
    Operand,

    /// <summary>Hops, as in <c>--jump</c>.</summary>
    Hops,
}

/// <summary>
/// A question of a shell: <c>synchop --complete operand|hops WORD [ARGUMENT]...</c>. The arguments are those before the word; what they
/// say of hosts holds here too.
/// </summary>
/// <param name="Kind">What the word is.</param>
/// <param name="Word">The word as far as it is typed, without the shell's quotes.</param>
/// <param name="Hosts">How hosts are reached, without asking anything and not for long.</param>
/// <param name="Path">The remote path that the word is, with its hops; null where the word is not one yet.</param>
internal sealed record CompletionRequest(CompletionKind Kind, string Word, SshOptions Hosts, RemoteEndpoint? Path)
{
    /// <summary>The first argument of a question. It is not among the options: nobody but the completions has a use for it.</summary>
    public const string Option = "--complete";

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    /// <summary>Reads the arguments behind <see cref="Option"/>.</summary>
    /// <param name="arguments">The kind, the word, and what stands before it.</param>
    /// <param name="remoteShell">RSYNC_RSH.</param>
    /// <exception cref="CommandException">They are not valid.</exception>
    public static CompletionRequest Parse(ReadOnlySpan<string> arguments, string? remoteShell)
    {
        if (arguments is not [("operand" or "hops") and { } kind, { } word, ..])
            throw CommandException.Usage($"{Option} needs what is completed (operand or hops) and the word so far");
        CompletionKind what = kind == "operand" ? CompletionKind.Operand : CompletionKind.Hops;
        bool isPath = what == CompletionKind.Operand && IsRemotePath(word);
        // A check of the word and what stands before it: it knows the hops of ":path", and local names do not matter.
        string[] checking = ["--check", .. arguments[2..], isPath ? word : "x:"];
        if (CommandLine.Parse(checking, remoteShell) is not ParsedCommand.Check { Invocation: var check })
            return new CompletionRequest(what, word, new SshOptions { Batch = true }, null); // --help or --version
        // Whoever presses TAB looks at a line and has not run it: no command that it has is run. Those of ssh_config and RSYNC_RSH are the user's own.
        bool runsCommands = CommandLine.Parse(checking) is ParsedCommand.Check { Invocation.Ssh: var typed } && HasCommands(typed);
        SshOptions hosts = check.Ssh with { Check = false, Batch = true, ConnectTimeout = check.Ssh.ConnectTimeout ?? ConnectTime };
        return new CompletionRequest(what, word, hosts, isPath && !runsCommands ? check.Endpoints[^1].Endpoint : null);
    }

    private static bool HasCommands(SshOptions typed) => typed.GatewayCommands.Count > 0 || typed.SftpCommand is not null
        || (typed.RemoteShell?.Directives.Any(static directive => KeywordOf(directive) is "proxycommand" or "match" or "include") ?? false);

    private static string KeywordOf(string directive) =>
        string.Concat(directive.TrimStart().TrimStart('"').TakeWhile(char.IsAsciiLetter)).ToLowerInvariant();

    private static bool IsRemotePath(string word)
    {
        if (word.Contains("://", StringComparison.Ordinal)) return false;
        try
        {
            return word.Length > 0 && EndpointParser.Parse(word) is RemoteEndpoint;
        }
        catch (CommandException)
        {
            return false; // "gw:22,target" is on its way.
        }
    }
}
