using System.Globalization;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Reporting;

/// <summary>Modes and times as ls(1) and rsync's listings show them.</summary>
internal static class ModeText
{
    /// <summary>Type letter and permissions: <c>drwxr-xr-x</c>.</summary>
    public static string Full(uint mode)
    {
        char type = FileStat.TypeOf(mode) switch
        {
            FileType.Directory => 'd',
            FileType.Symlink => 'l',
            FileType.CharacterDevice => 'c',
            FileType.BlockDevice => 'b',
            FileType.Fifo => 'p',
            FileType.Socket => 's',
            _ => '-',
        };
        return type + Permissions(mode);
    }

    /// <summary>Permissions alone: <c>rwxr-xr-x</c>, with s, S, t and T for the special bits.</summary>
    public static string Permissions(uint mode)
    {
        Span<char> letters = stackalloc char[9];
        for (int i = 0; i < 9; i++) letters[i] = (mode & (0x100u >> i)) != 0 ? "rwx"[i % 3] : '-';
        if ((mode & 0x800) != 0) letters[2] = letters[2] == 'x' ? 's' : 'S';
        if ((mode & 0x400) != 0) letters[5] = letters[5] == 'x' ? 's' : 'S';
        if ((mode & 0x200) != 0) letters[8] = letters[8] == 'x' ? 't' : 'T';
        return new string(letters);
    }

    /// <summary>Local time: <c>2026/11/23</c>, then <paramref name="separator"/>, then <c>03:45:06</c>.</summary>
    public static string LocalTime(long seconds, char separator)
    {
        // DateTimeOffset spans the years 1 to 9999; a hostile or broken file system may have any number.
        long clamped = Math.Clamp(seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds() + 86_400, DateTimeOffset.MaxValue.ToUnixTimeSeconds() - 86_400);
        DateTimeOffset local = DateTimeOffset.FromUnixTimeSeconds(clamped).ToLocalTime();
        return local.ToString("yyyy/MM/dd", CultureInfo.InvariantCulture) + separator + local.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
