using System.Text;

namespace SyncHop.Cli.Options;

/// <summary>The text of <c>--help</c>, made from <see cref="OptionTable"/>.</summary>
internal static class HelpText
{
    private const int HelpColumn = 25;
    private const int Width = 100;

    /// <summary>The whole text, with its final newline.</summary>
    public static string Render()
    {
        StringBuilder text = new();
        text.Append("""
            synchop synchronizes files like rsync, through any number of SSH gateways, with hosts
            that need no more than sshd and SFTP.

            Usage: synchop [OPTION]... SRC [SRC]... DEST
              or   synchop [OPTION]... SRC [SRC]... [[USER@]HOP[:PORT],]...[USER@]HOST[:PORT]:DEST
              or   synchop [OPTION]... [[USER@]HOP[:PORT],]...[USER@]HOST[:PORT]:SRC [:SRC]... [DEST]
              or   synchop [OPTION]... sftp://[[USER@]HOP[:PORT],]...[USER@]HOST[:PORT]/SRC [DEST]
            Without DEST, SRC is listed. Both may be remote. An IPv6 address needs brackets.

            """);
        foreach (IGrouping<OptionGroup, OptionDefinition> group in OptionTable.All.GroupBy(o => o.Group))
        {
            text.Append('\n').Append(Title(group.Key)).Append('\n');
            foreach (OptionDefinition option in group) AppendLine(text, Usage(option), option.Help);
        }

        text.Append("\n--no-OPTION turns an option off again, as in --no-owner or --no-o, for\n");
        int column = 0;
        foreach (OptionDefinition option in OptionTable.All.Where(o => o.Negate is not null))
        {
            string name = option.Short is { } letter ? $"-{letter}" : $"--{option.Long}";
            bool wraps = column + 1 + name.Length > Width;
            text.Append(wraps ? "\n " : " ").Append(name);
            column = (wraps ? 1 : column + 1) + name.Length;
        }

        return text.Append('\n').ToString();
    }

    private static void AppendLine(StringBuilder text, string usage, string help)
    {
        text.Append(usage);
        if (usage.Length >= HelpColumn) text.Append(' ');
        else text.Append(' ', HelpColumn - usage.Length);
        text.Append(help).Append('\n');
    }

    private static string Usage(OptionDefinition option)
    {
        string? value = option.ValueName is null ? null : option.ValueIsOptional ? $"[={option.ValueName}]" : $"={option.ValueName}";
        if (option.Long is null) return $"-{option.Short}{value}";
        return option.Short is null ? $"--{option.Long}{value}" : $"--{option.Long}{value}, -{option.Short}";
    }

    /// <summary>A group's heading.</summary>
    public static string Title(OptionGroup group) => group switch
    {
        OptionGroup.Output => "Output",
        OptionGroup.Selection => "What is copied",
        OptionGroup.Filters => "Filter rules",
        OptionGroup.Attributes => "Attributes",
        OptionGroup.Transfer => "Comparison and transfer",
        OptionGroup.Deletion => "Deletion",
        OptionGroup.Connection => "Connection",
        OptionGroup.Unattended => "Unattended runs",
        OptionGroup.Jobs => "Jobs",
        OptionGroup.Unneeded => "Taken for rsync's sake, without effect",
        OptionGroup.Refused => "Not supported (exit code 4)",
        _ => "Information",
    };
}
