using System.Globalization;
using System.Reflection;
using System.Text;
using SyncHop.Cli.Options;

namespace SyncHop.Packaging.Manual;

/// <summary>The page synchop(1): the prose of <c>synchop.1.in</c>, and the options from their definitions.</summary>
internal static class ManPage
{
    /// <summary>The page's source, in man(7).</summary>
    /// <param name="date">What its footer says.</param>
    public static string Render(DateOnly date)
    {
        string version = typeof(OptionTable).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return Resources.Read("synchop.1.in")
            .Replace("@DATE@", date.ToString("yyyy\\-MM\\-dd", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@VERSION@", version.Split('+')[0], StringComparison.Ordinal)
            .Replace("@OPTIONS@\n", Options(), StringComparison.Ordinal)
            .Replace("@NEGATABLE@\n", Negatable(), StringComparison.Ordinal);
    }

    private static string Options()
    {
        StringBuilder text = new();
        foreach (IGrouping<OptionGroup, OptionDefinition> group in OptionTable.All.GroupBy(option => option.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $".SS {Roff.Escape(HelpText.Title(group.Key))}\n");
            foreach (OptionDefinition option in group) AppendOption(text, option);
        }

        return text.ToString();
    }

    private static void AppendOption(StringBuilder text, OptionDefinition option)
    {
        string value = option.ValueName is null ? "" : option.ValueIsOptional ? $"[={Roff.Italic(option.ValueName)}]" : "=" + Roff.Italic(option.ValueName);
        // The short name first, as manuals have it.
        IEnumerable<string> names = option.Names.OrderByDescending(name => name.Length == 2)
            .Select(name => Roff.Bold(name) + (name.StartsWith("--", StringComparison.Ordinal) || option.Long is null ? value : ""));
        text.Append(".TP\n").AppendJoin(", ", names).Append('\n').Append(Sentence(option.Help)).Append('\n');
        if (Support(option.Support) is { } support) text.Append(support).Append('\n');
        if (!OptionNotes.All.TryGetValue(option.Names.First(), out IReadOnlyList<string>? paragraphs)) return;
        bool first = true;
        foreach (string paragraph in paragraphs)
        {
            if (!first) text.Append(".IP\n");
            first = false;
            foreach (string line in paragraph.Split('\n')) text.Append(Roff.Prose(line)).Append('\n');
        }
    }

    private static string? Support(OptionSupport support) => support.Kind switch
    {
        SupportKind.Limited => Sentence("limit: " + support.Note),
        SupportKind.Unneeded => Sentence("without effect: " + support.Note),
        SupportKind.Refused => Sentence("refused: " + support.Note),
        SupportKind.Own => "Not in rsync.",
        _ => null,
    };

    private static string Negatable()
    {
        IEnumerable<string> names = OptionTable.All.Where(option => option.Negate is not null)
            .Select(option => Roff.Bold(option.Short is { } letter ? $"-{letter}" : $"--{option.Long}"));
        return string.Join(",\n", names) + ".\n";
    }

    /// <summary>The text as a sentence of its own.</summary>
    private static string Sentence(string text)
    {
        string sentence = text is ['.', ..] || !char.IsAsciiLetterLower(text[0]) ? text : char.ToUpperInvariant(text[0]) + text[1..];
        return Roff.Escape(sentence.EndsWith('.') || sentence.EndsWith(')') ? sentence : sentence + ".");
    }
}
