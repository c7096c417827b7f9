using System.Diagnostics;
using System.Globalization;

namespace SyncHop.Jobs.Locking;

/// <summary>Who holds a lock, as its file says. What a file says is for messages only: it is the kernel that knows whether a lock is held.</summary>
/// <param name="Process">The process's number.</param>
/// <param name="Host">The machine's name.</param>
/// <param name="Boot">Which start of that machine it belongs to (<c>/proc/sys/kernel/random/boot_id</c>); empty where unknown.</param>
/// <param name="Since">When the lock was taken.</param>
public sealed record LockHolder(int Process, string Host, string Boot, DateTimeOffset Since)
{
    /// <summary>A lock's file is not read beyond this many bytes: somebody may have named another file.</summary>
    internal const int LongestText = 512;

    private const string Heading = "synchop lock";

    /// <summary>This process.</summary>
    public static LockHolder Me() => new(Environment.ProcessId, Environment.MachineName, BootOfThisMachine(), DateTimeOffset.UtcNow);

    /// <summary>Whether the process is one of this machine, and there: null where it is another machine's.</summary>
    public bool? IsThere()
    {
        if (Host != Environment.MachineName) return null;
        if (IsOfAnotherBoot) return false;
        try
        {
            using Process process = System.Diagnostics.Process.GetProcessById(Process);
            // Numbers are used again. The time of the lock is in whole seconds.
            return process.StartTime.ToUniversalTime() < Since.UtcDateTime.AddSeconds(2);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>The text of a lock's file; null when it is not one.</summary>
    public static LockHolder? Parse(string text)
    {
        string[] lines = text.Split('\n');
        if (lines.Length < 5 || lines[0] != Heading) return null;
        return int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            && DateTimeOffset.TryParse(lines[4], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset since)
            ? new LockHolder(process, lines[2], lines[3], since)
            : null;
    }

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Heading}\n{Process}\n{Host}\n{Boot}\n{Since:yyyy-MM-ddTHH:mm:ssZ}\n");

    /// <summary>For a message: <c>process 123 since 2026-11-22 03:00:00</c>, with the host if it is another one.</summary>
    public override string ToString()
    {
        string where = Host == Environment.MachineName ? "" : $" on {Host}";
        string when = Since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return $"process {Process.ToString(CultureInfo.InvariantCulture)}{where} since {when}";
    }

    /// <summary>Whether it was this machine before it was started again.</summary>
    public bool IsOfAnotherBoot => Host == Environment.MachineName && Boot.Length > 0 && Boot != BootOfThisMachine();

    private static string BootOfThisMachine()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
