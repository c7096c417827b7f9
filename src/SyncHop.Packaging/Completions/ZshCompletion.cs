using System.Text;
using SyncHop.Cli.Options;

namespace SyncHop.Packaging.Completions;

/// <summary>The completion for zsh: the code of <c>synchop.zsh.in</c>, with the options as _arguments takes them (zshcompsys(1)).</summary>
internal static class ZshCompletion
{
    /// <summary>The script.</summary>
    public static string Render() => Resources.Read("synchop.zsh.in").Replace("@OPTIONS@\n", Specifications(), StringComparison.Ordinal);

    private static string Specifications()
    {
        StringBuilder text = new();
        foreach (OptionDefinition option in CompletedOptions.All)
        {
            string help = Escape(option.Help);
            foreach (string name in option.Names) Append(text, $"*{name}{Attachment(option, name)}[{help}]{Value(option)}");
            foreach (string name in option.NegatedNames) Append(text, $"*{name}[turn off {Escape(option.Names.First())} again]");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string specification) =>
        text.Append("    '").Append(specification.Replace("'", @"'\''", StringComparison.Ordinal)).Append("' \\\n");

    // "=": behind the sign or in the next argument; "+": behind the letter or in the next argument; "=-": behind the sign alone.
    private static string Attachment(OptionDefinition option, string name) =>
        option.ValueName is null ? "" : option.ValueIsOptional ? "=-" : name.Length == 2 ? "+" : "=";

    private static string Value(OptionDefinition option)
    {
        if (option.ValueName is null) return "";
        OptionValue value = OptionValue.Of(option);
        string action = value.Kind switch
        {
            ValueKind.File when option.ValueName[0] == '[' => "_synchop_identity",
            ValueKind.File => "_files",
            ValueKind.Directory => "_files -/",
            ValueKind.Hops => "_synchop_hops",
            ValueKind.Words => $"({string.Join(' ', value.Words)})",
            ValueKind.WordList => $"_sequence compadd - {string.Join(' ', value.Words)}",
            _ => "",
        };
        // Two colons: the value may be left out.
        return $"{(option.ValueIsOptional ? "::" : ":")}{Escape(option.ValueName)}:{action}";
    }

    private static string Escape(string text) => text
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal)
        .Replace("]", @"\]", StringComparison.Ordinal).Replace(":", @"\:", StringComparison.Ordinal);
}
