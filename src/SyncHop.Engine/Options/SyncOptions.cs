namespace SyncHop.Engine;

/// <summary>
/// What the user asked for, after the command line's own rules (<c>-a</c>, <c>--no-OPTION</c>, implied options) are
/// applied. Each property is the rsync(1) option of that name; defaults are rsync's.
/// </summary>
public sealed partial record SyncOptions
{
    /// <summary><c>--dry-run, -n</c>: report what would be done.</summary>
    public bool DryRun { get; init; }
}
