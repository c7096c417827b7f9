using SyncHop.Cli.Completing;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Jobs;
using SyncHop.Cli.Options;
using SyncHop.Engine;

namespace SyncHop.Cli;

/// <summary>What the user asked for.</summary>
/// <param name="Operands">The sources and the destination.</param>
/// <param name="Options">What is to be synchronized, and what is printed.</param>
/// <param name="Ssh">How hosts are reached.</param>
internal sealed record Invocation(Operands Operands, SyncOptions Options, SshOptions Ssh)
{
    /// <summary>Locks, and reports for programs.</summary>
    public UnattendedOptions Unattended { get; init; } = new();

    /// <summary>The list of <c>--files-from</c>; null where there is none.</summary>
    public NameFile? Names { get; init; }
}

/// <summary>A remote endpoint that is checked.</summary>
/// <param name="Endpoint">The path, with its hops.</param>
/// <param name="IsSource">Whether the run would only read there, so that it has to exist and nothing may be written.</param>
internal sealed record CheckedEndpoint(RemoteEndpoint Endpoint, bool IsSource);

/// <summary>What <c>--check</c> or <c>--bench</c> asks for.</summary>
/// <param name="Endpoints">The remote endpoints, at least one, each with its hops.</param>
/// <param name="Options">Whether nothing may be changed, and what is printed.</param>
/// <param name="Ssh">How hosts are reached.</param>
internal sealed record CheckInvocation(IReadOnlyList<CheckedEndpoint> Endpoints, SyncOptions Options, SshOptions Ssh);

/// <summary>What a command line amounts to.</summary>
internal abstract record ParsedCommand
{
    /// <summary>A run.</summary>
    /// <param name="Invocation">What is to be done.</param>
    public sealed record Run(Invocation Invocation) : ParsedCommand;

    /// <summary>A check.</summary>
    /// <param name="Invocation">What is to be checked.</param>
    public sealed record Check(CheckInvocation Invocation) : ParsedCommand;

    /// <summary>Something about jobs.</summary>
    /// <param name="Request">What.</param>
    public sealed record Jobs(JobRequest Request) : ParsedCommand;

    /// <summary>A shell's question what a word may become.</summary>
    /// <param name="Request">The question.</param>
    public sealed record Complete(CompletionRequest Request) : ParsedCommand;

    /// <summary>A text that is asked for.</summary>
    /// <param name="Wanted">Which one.</param>
    public sealed record Inform(Information Wanted) : ParsedCommand;

    /// <summary>Neither a source nor a destination: help, as an error.</summary>
    public sealed record NoOperands : ParsedCommand;
}
