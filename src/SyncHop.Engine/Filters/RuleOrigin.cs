using System.Text;

namespace SyncHop.Engine.Filters;

/// <summary>Where a rule stands.</summary>
/// <param name="File">The file as messages name it; null for an option.</param>
/// <param name="Line">The line in it, from 1; 0 where lines do not count.</param>
/// <param name="Directory">The full path, slash included, of the directory whose per-directory file it is; null for others.</param>
/// <param name="Depth">How many files are open around the rule.</param>
internal sealed record RuleOrigin(string? File, int Line = 0, byte[]? Directory = null, int Depth = 0)
{
    /// <summary>An option.</summary>
    public static RuleOrigin Option { get; } = new((string?)null);

    /// <summary>How errors name a rule from here: what a file holds is not shown, since it may be somebody else's secret, as in rsync.</summary>
    public string Describe(ReadOnlySpan<byte> rule) => File is null ? Encoding.UTF8.GetString(rule)
        : Line > 0 ? $"<rule from {File} line {Line}>" : $"<rule from {File}>";

    /// <summary>How <c>-vv</c> names a rule from here when it decides.</summary>
    public byte[] Name(ReadOnlySpan<byte> pattern) => File is null ? pattern.ToArray() : "<rule from a file read earlier>"u8.ToArray();
}
