using System.Globalization;
using System.Text;
using SyncHop.Cli.Options;

namespace SyncHop.Packaging.Completions;

/// <summary>The completion for fish: the code of <c>synchop.fish.in</c>, with a <c>complete</c> for each option.</summary>
internal static class FishCompletion
{
    /// <summary>The script.</summary>
    public static string Render() => Resources.Read("synchop.fish.in").Replace("@OPTIONS@\n", Commands(), StringComparison.Ordinal);

    private static string Commands()
    {
        StringBuilder text = new();
        foreach (OptionDefinition option in CompletedOptions.All)
        {
            text.Append("complete -c synchop");
            foreach (string name in option.Names) text.Append(Name(name));
            text.Append(CultureInfo.InvariantCulture, $" -d {Quote(option.Help)}{Value(option)}\n");
            foreach (string name in option.NegatedNames)
                text.Append(CultureInfo.InvariantCulture, $"complete -c synchop{Name(name)} -d {Quote($"turn off {option.Names.First()} again")}\n");
        }

        return text.ToString();
    }

    private static string Name(string name) => name.Length == 2 ? $" -s {Quote(name[1..])}" : $" -l {name[2..]}";

    private static string Value(OptionDefinition option)
    {
        // fish has no word for a value that may be left out: without -r it offers none, and takes one.
        if (option.ValueName is null || option.ValueIsOptional) return "";
        OptionValue value = OptionValue.Of(option);
        return value.Kind switch
        {
            ValueKind.File => " -r -F",
            ValueKind.Directory => " -x -a '(__fish_complete_directories (commandline -ct | string unescape | string replace -r -- \"^--[a-z-]+=\" \"\"))'",
            ValueKind.Hops => " -x -a '(__synchop_ask hops)'",
            ValueKind.Words or ValueKind.WordList => $" -x -a {Quote(string.Join(' ', value.Words))}",
            _ => " -x",
        };
    }

    private static string Quote(string text) =>
        $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
}
