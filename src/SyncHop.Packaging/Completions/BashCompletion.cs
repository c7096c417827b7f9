using System.Globalization;
using System.Text;
using SyncHop.Cli.Options;

namespace SyncHop.Packaging.Completions;

/// <summary>The completion for bash: the code of <c>synchop.bash.in</c>, with the options' names and values.</summary>
internal static class BashCompletion
{
    /// <summary>The script.</summary>
    public static string Render() => Resources.Read("synchop.bash.in")
        .Replace("@NAMES@", string.Join(' ', Names()), StringComparison.Ordinal)
        .Replace("@VALUES@\n", Values(), StringComparison.Ordinal);

    // A long option that takes a value is completed with its equals sign, as the value may follow at once.
    private static IEnumerable<string> Names() => CompletedOptions.All.SelectMany(option => option.Names
        .Select(name => option.ValueName is not null && !option.ValueIsOptional && name.Length > 2 ? name + "=" : name)
        .Concat(option.NegatedNames));

    private static string Values()
    {
        StringBuilder cases = new();
        foreach (OptionDefinition option in OptionTable.All.Where(option => option.ValueName is not null))
        {
            OptionValue value = OptionValue.Of(option);
            string kind = value.Kind.ToString().ToLowerInvariant() + string.Concat(value.Words.Select(word => " " + word));
            // A value that may be left out is attached: the next word is not it.
            IEnumerable<string> names = option.Names.Select(name => option.ValueIsOptional ? name + "=" : name);
            cases.Append(CultureInfo.InvariantCulture, $"        {string.Join('|', names)}) kind='{kind}' ;;\n");
        }

        return cases.ToString();
    }
}
