using SyncHop.Engine;

namespace SyncHop.Cli.Options;

/// <summary>
/// All options, in the help text's order. Names, help lines, and which options have a <c>--no-</c> form are those of
/// rsync(1); the options under <see cref="OptionGroup.Connection"/> that rsync has not are ours.
/// </summary>
internal static partial class OptionTable
{
    /// <summary>The options.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        .. OutputOptions,
        .. SelectionOptions,
        .. LinkOptions,
        .. FilterOptions,
        .. AttributesOptions,
        .. TransferOptions,
        .. BasisOptions,
        .. WritingOptions,
        .. DeltaOptions,
        .. DeletionOptions,
        .. ConnectionOptions,
        .. UnattendedOptions,
        .. JobOptions,
        .. UnneededOptions,
        .. RefusedOptions,
        .. InformationOptions,
    ];

    /// <summary>The option that each name gives, and whether the name is one of its <c>--no-</c> forms.</summary>
    public static IReadOnlyDictionary<string, (OptionDefinition Option, bool Negated)> ByName { get; } = Index();

    private static OptionDefinition Flag(
        OptionGroup group, string name, char? letter, string help, Func<SyncOptions, SyncOptions> set) =>
        new(group, name, letter, help) { Apply = (s, _) => s.Sync = set(s.Sync) };

    private static OptionDefinition Switch(
        OptionGroup group, string? name, char? letter, string help, Func<SyncOptions, bool, SyncOptions> set) =>
        new(group, name, letter, help)
        {
            Apply = (s, _) => s.Sync = set(s.Sync, true),
            Negate = s => s.Sync = set(s.Sync, false),
        };

    private static OptionDefinition Count(
        OptionGroup group,
        string name,
        char letter,
        string help,
        Func<SyncOptions, int> get,
        Func<SyncOptions, int, SyncOptions> set) =>
        new(group, name, letter, help)
        {
            Apply = (s, _) => s.Sync = set(s.Sync, get(s.Sync) + 1),
            Negate = s => s.Sync = set(s.Sync, 0),
        };

    private static OptionDefinition Text(
        OptionGroup group, string name, string valueName, string help, Action<OptionState, string> apply, char? letter = null) =>
        new(group, name, letter, help) { ValueName = valueName, Apply = apply };

    private static Dictionary<string, (OptionDefinition Option, bool Negated)> Index()
    {
        Dictionary<string, (OptionDefinition Option, bool Negated)> index = new(StringComparer.Ordinal);
        foreach (OptionDefinition option in All)
        {
            foreach (string name in option.Names) index.Add(name, (option, false));
            foreach (string name in option.NegatedNames) index.Add(name, (option, true));
        }

        return index;
    }
}
