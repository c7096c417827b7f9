using System.Globalization;
using System.Text;

namespace SyncHop.Jobs.Snapshots;

/// <summary>The name of a complete snapshot: when it was begun, in local time, as <c>2026-11-22T03-00-00</c>.</summary>
/// <param name="Time">That time, in whole seconds.</param>
public readonly record struct SnapshotName(DateTime Time)
{
    private const string Format = "yyyy-MM-dd'T'HH-mm-ss";

    // The last day that there is: what follows it has no name.
    private static readonly DateTime s_end = DateTime.MaxValue.Date;

    /// <summary>What the name of a snapshot ends with while it is being made.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>What the name of a snapshot ends with while it is being removed.</summary>
    public const string RemovingSuffix = ".removing";

    /// <summary>The name for a snapshot that is begun now; later than all that are there, so that their order is that of their making.</summary>
    /// <param name="now">The local time.</param>
    /// <param name="newest">The newest that is there; null for none.</param>
    public static SnapshotName At(DateTime now, SnapshotName? newest)
    {
        DateTime second = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Unspecified);
        // A clock that was set back, the hour that comes twice in autumn, or two runs in a second.
        return new(newest is { } last && second <= last.Time && last.Time.AddSeconds(1) < s_end ? last.Time.AddSeconds(1) : second);
    }

    /// <summary>Reads a name with a certain ending.</summary>
    /// <param name="name">The raw name.</param>
    /// <param name="suffix">The ending; empty for a complete snapshot's.</param>
    /// <returns>null where it is not such a name.</returns>
    public static SnapshotName? Parse(ReadOnlySpan<byte> name, string suffix = "")
    {
        string text = Encoding.Latin1.GetString(name);
        if (!text.EndsWith(suffix, StringComparison.Ordinal)) return null;
        return DateTime.TryParseExact(text[..^suffix.Length], Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time) && time < s_end
            ? new SnapshotName(time)
            : null;
    }

    /// <summary>The name as it is on disk.</summary>
    public override string ToString() => Time.ToString(Format, CultureInfo.InvariantCulture);
}
