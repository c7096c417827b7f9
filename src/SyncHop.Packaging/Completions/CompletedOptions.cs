using SyncHop.Cli.Options;

namespace SyncHop.Packaging.Completions;

/// <summary>The options that completions offer: all but those that are refused.</summary>
internal static class CompletedOptions
{
    /// <summary>The options, in the help text's order.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } = [.. OptionTable.All.Where(option => option.Support.Kind != SupportKind.Refused)];
}
