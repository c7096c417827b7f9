using System.ComponentModel;
using System.Diagnostics;

namespace SyncHop.Cli.Running;

/// <summary>The program that SSH_ASKPASS names: it gets the question as its argument and prints the answer (ssh(1)).</summary>
/// <param name="program">The program's file or name.</param>
/// <param name="isPreferred">Whether it is asked even where there is a terminal.</param>
internal sealed class AskPass(string program, bool isPreferred)
{
    /// <summary>Whether it is asked even where there is a terminal.</summary>
    public bool IsPreferred => isPreferred;

    /// <summary>
    /// What SSH_ASKPASS and SSH_ASKPASS_REQUIRE say (ssh(1)): <c>never</c>, <c>prefer</c>, <c>force</c>. Unlike ssh, a program
    /// that is named is used without DISPLAY as well: a job without a terminal has no other way to answer.
    /// </summary>
    /// <returns>Null where there is no program to ask.</returns>
    public static AskPass? FromEnvironment() => Create(
        Environment.GetEnvironmentVariable("SSH_ASKPASS"), Environment.GetEnvironmentVariable("SSH_ASKPASS_REQUIRE"));

    /// <inheritdoc cref="FromEnvironment"/>
    public static AskPass? Create(string? program, string? require)
    {
        if (string.IsNullOrEmpty(program) || Is("never")) return null;
        return new AskPass(program, Is("prefer") || Is("force"));

        bool Is(string word) => string.Equals(require, word, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Asks.</summary>
    /// <returns>The first line's bytes, to be cleared by the caller; null where the program fails or says nothing.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the program has been ended.</exception>
    public byte[]? Ask(string question, Action<string> warn, CancellationToken cancellation)
    {
        try
        {
            return PrintedLine.Of(new ProcessStartInfo(program, [question]), Timeout.InfiniteTimeSpan, cancellation);
        }
        catch (Win32Exception e)
        {
            warn($"SSH_ASKPASS={program} cannot be run: {e.Message}");
            return null;
        }
    }
}
