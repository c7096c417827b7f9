using SyncHop.Engine;

namespace SyncHop.Cli.Live;

/// <summary>Whether a run is shown on the terminal while it goes on.</summary>
internal static class LiveRule
{
    /// <summary>
    /// With <c>--live</c> wherever it can be; otherwise where a person looks at a run that says nothing by itself: what rsync
    /// prints line by line is progress enough, and what goes into a pipe or a log has no reader who waits.
    /// </summary>
    /// <param name="invocation">The run.</param>
    /// <param name="outputIsTerminal">Whether standard output is a terminal.</param>
    /// <param name="errorIsTerminal">Whether standard error is one.</param>
    /// <param name="variable">Reads the environment.</param>
    public static bool IsShown(Invocation invocation, bool outputIsTerminal, bool errorIsTerminal, Func<string, string?> variable)
    {
        SyncOptions options = invocation.Options;
        if (invocation.Unattended.Live == false || !errorIsTerminal || !CanDraw(variable)) return false;
        // rsync's own progress leaves lines unfinished; and of a listing there is nothing to show.
        if (options.Info(InfoFlag.Progress) > 0 || options.ListOnly || options.SignatureTask != SignatureTask.None) return false;
        if (invocation.Unattended.Live == true) return true;
        bool saysLines = options.Verbosity > 0 || options.ItemizeChanges > 0 || options.OutFormat is not null || options.Json
            || !options.InfoLevels.IsEmpty || !options.DebugLevels.IsEmpty;
        return outputIsTerminal && !saysLines && !options.Quiet && options.ErrorOutput != ErrorOutput.All;
    }

    /// <summary>Whether a terminal can move its cursor, and no machine pretends to be one: most CI services set CI.</summary>
    public static bool CanDraw(Func<string, string?> variable) =>
        variable("TERM") is { Length: > 0 } term && term != "dumb" && variable("CI") is null or "" or "false";

    /// <summary>Whether colours are wanted (no-color.org).</summary>
    public static bool HasColours(Func<string, string?> variable) => string.IsNullOrEmpty(variable("NO_COLOR"));
}
