using System.Globalization;

namespace SyncHop.Engine.Reporting;

/// <summary>
/// A compiled <c>--out-format</c>: literal bytes and the escapes of rsyncd.conf(5), "log format", each with an optional
/// apostrophe (once or more: human-readable levels) and width (negative: left-aligned).
/// </summary>
internal sealed class OutFormat
{
    private readonly List<Part> _parts = [];

    /// <summary>Compiles a format.</summary>
    public OutFormat(ReadOnlySpan<byte> format)
    {
        List<byte> literal = [];
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                literal.Add(format[i]);
                continue;
            }
            int start = i++;
            int human = 0, width = 0;
            while (i < format.Length && format[i] == '\'')
            {
                human++;
                i++;
            }
            bool left = i < format.Length && format[i] == '-';
            if (left) i++;
            while (i < format.Length && char.IsAsciiDigit((char)format[i]) && width < 1000) width = (width * 10) + format[i++] - '0';
            char letter = i < format.Length ? (char)format[i] : '\0';
            if (!Letters.Contains(letter, StringComparison.Ordinal))
            {
                // Unknown escapes are shown as they stand, as rsync does.
                i = Math.Min(i, format.Length - 1);
                literal.AddRange(format[start..(i + 1)]);
                continue;
            }
            Flush(literal);
            _parts.Add(new Part([], letter, human, left ? -width : width));
        }
        Flush(literal);
    }

    private const string Letters = "bBcCfGilLMnoptU%";

    /// <summary>Whether the format shows what is done with the entry (<c>%i</c> or <c>%o</c>), so that removals use it too.</summary>
    public bool ShowsOperation => _parts.Exists(part => part.Letter is 'i' or 'o');

    /// <summary>Whether the format shows itemized changes (<c>%i</c>).</summary>
    public bool ShowsChanges => _parts.Exists(part => part.Letter == 'i');

    /// <summary>Whether the format shows what is only known after the transfer.</summary>
    public bool NeedsTransferResult => _parts.Exists(part => part.Letter is 'b' or 'c');

    /// <summary>Adds one entry's values to a line.</summary>
    public void Format(in OutFormatItem item, LineBuilder line)
    {
        foreach (Part part in _parts)
        {
            if (part.Letter == '\0')
            {
                line.Raw(part.Literal);
                continue;
            }
            int before = line.Length;
            string? text = TextOf(part, item);
            int padding = Math.Abs(part.Width) - (text?.Length ?? LengthOf(part.Letter, item));
            if (part.Width > 0 && padding > 0) line.Text(new string(' ', padding));
            if (text is not null) line.Text(text);
            else AddBytes(part.Letter, item, line);
            if (part.Width < 0 && line.Length - before < -part.Width) line.Text(new string(' ', -part.Width - (line.Length - before)));
        }
    }

    private static string? TextOf(Part part, in OutFormatItem item) => part.Letter switch
    {
        'b' => NumberFormat.Count(item.Transferred, part.HumanLevel),
        'B' => ModeText.Permissions(item.Stat.Mode),
        'c' => NumberFormat.Count(0, part.HumanLevel),
        'C' => new string(' ', 32),
        'G' => item.Stat.Gid.ToString(CultureInfo.InvariantCulture),
        'i' => item.Changes,
        'l' => NumberFormat.Count(item.Stat.Size, part.HumanLevel),
        'M' => ModeText.LocalTime(item.Stat.MtimeSeconds, '-'),
        'o' => item.Operation,
        'p' => Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        't' => DateTime.Now.ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture),
        '%' => "%",
        'U' => item.Stat.Uid.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static int LengthOf(char letter, in OutFormatItem item) => letter switch
    {
        'n' => item.Name.Length + (item.IsDirectory ? 1 : 0),
        'f' => item.LongName.Length,
        _ => item.Target.Length == 0 ? 0 : item.Target.Length + 4,
    };

    private static void AddBytes(char letter, in OutFormatItem item, LineBuilder line)
    {
        switch (letter)
        {
            case 'n':
                line.Name(item.Name);
                if (item.IsDirectory) line.Text("/");
                break;
            case 'f':
                line.Name(item.LongName);
                break;
            case 'L' when item.Target.Length > 0:
                line.Text(" -> ").Name(item.Target);
                break;
        }
    }

    private void Flush(List<byte> literal)
    {
        if (literal.Count > 0) _parts.Add(new Part([.. literal], '\0', 0, 0));
        literal.Clear();
    }

    private readonly record struct Part(byte[] Literal, char Letter, int HumanLevel, int Width);
}
