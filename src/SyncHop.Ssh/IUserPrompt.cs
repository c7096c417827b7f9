namespace SyncHop.Ssh;

/// <summary>Where questions and warnings go: the command line asks on the terminal, a test answers by itself.</summary>
/// <remarks>Calls come from any thread, one at a time for one chain; they may block as long as the user thinks.</remarks>
public interface IUserPrompt
{
    /// <summary>True when a person can answer; otherwise nothing is ever asked.</summary>
    bool IsInteractive { get; }

    /// <summary>Why nothing is asked where <see cref="IsInteractive"/> is false, as the end of a message.</summary>
    string Obstacle => "there is no terminal to ask on";

    /// <summary>Asks for a secret without echo.</summary>
    /// <returns>Its UTF-8 bytes, which the caller clears after use; null when the user gives none.</returns>
    byte[]? AskSecret(string prompt);

    /// <summary>Asks for a secret without echo.</summary>
    /// <param name="prompt">The question; a server's own words may be in it.</param>
    /// <param name="asker">
    /// Whom the answer is for, in words of this side alone: <c>user@host</c> of a hop or a proxy, or the name of a key file. What answers
    /// without a person has to go by this: a server can ask for anything.
    /// </param>
    /// <returns>Its UTF-8 bytes, which the caller clears after use; null when the user gives none.</returns>
    byte[]? AskSecret(string prompt, string asker) => AskSecret(prompt);

    /// <summary>Asks for a line with echo; null when the user gives none.</summary>
    string? Ask(string prompt);

    /// <summary>Shows a line that is not an error: a key file that is skipped, a banner.</summary>
    void Warn(string message);
}
