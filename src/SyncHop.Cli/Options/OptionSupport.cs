namespace SyncHop.Cli.Options;

/// <summary>How far an option does here what it does in rsync.</summary>
internal enum SupportKind
{
    /// <summary>As in rsync.</summary>
    Same,

    /// <summary>As in rsync, with a limit.</summary>
    Limited,

    /// <summary>Taken, and without effect, as what it is about is not there or always so.</summary>
    Unneeded,

    /// <summary>An error with exit code 4.</summary>
    Refused,

    /// <summary>rsync has no such option.</summary>
    Own,
}

/// <summary>What the README's table says of an option.</summary>
/// <param name="Kind">How far it is rsync's.</param>
/// <param name="Note">The limit, or the reason; empty for <see cref="SupportKind.Same"/> and <see cref="SupportKind.Own"/>.</param>
internal sealed record OptionSupport(SupportKind Kind, string Note = "")
{
    /// <summary>As in rsync.</summary>
    public static OptionSupport Same { get; } = new(SupportKind.Same);

    /// <summary>Not an option of rsync.</summary>
    public static OptionSupport Own { get; } = new(SupportKind.Own);

    /// <summary>As in rsync but for this.</summary>
    public static OptionSupport Limited(string limit) => new(SupportKind.Limited, limit);

    /// <summary>Without effect, for this reason.</summary>
    public static OptionSupport Unneeded(string reason) => new(SupportKind.Unneeded, reason);

    /// <summary>Refused for this reason.</summary>
    public static OptionSupport Refused(string reason) => new(SupportKind.Refused, reason);
}
