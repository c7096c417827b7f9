using System.ComponentModel;
using System.Diagnostics;

namespace SyncHop.Jobs.Units;

/// <summary>When a timer elapses (systemd.time(7), CALENDAR EVENTS). It is systemd that knows what such a text means.</summary>
public static class CalendarEvent
{
    /// <summary>Whether systemd takes the text; true also where there is no <c>systemd-analyze</c> here that could tell.</summary>
    /// <param name="text">One line.</param>
    public static bool IsTaken(string text) => Ask(text) != false || Ask("daily") != true;

    /// <summary>What systemd-analyze says; null where it cannot be asked.</summary>
    private static bool? Ask(string text)
    {
        ProcessStartInfo start = new("systemd-analyze", ["calendar", "--", text]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
