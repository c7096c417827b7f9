using System.Globalization;

namespace SyncHop.Engine.Reporting;

/// <summary>
/// A compiled <c>--out-format</c>: literal bytes and the escapes of rsyncd.conf(5), "log format", each with optional
/// apostrophes (human-readable levels) before or after a width (negative: left-aligned).
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
            int human = Apostrophes(format, ref i);
            int widthAt = i;
            bool left = i < format.Length && format[i] == '-';
            if (left) i++;
            int width = 0;
            for (; i < format.Length && char.IsAsciiDigit((char)format[i]); i++)
                width = Math.Min((width * 10) + format[i] - '0', LongestWidth);
            bool hasWidth = i > widthAt;
            human += Apostrophes(format, ref i);
            char letter = i < format.Length ? (char)format[i] : '\0';
            if (!Letters.Contains(letter, StringComparison.Ordinal))
            {
                // Unknown escapes are shown as they stand, as rsync does.
                i = Math.Min(i, format.Length - 1);
                literal.AddRange(format[start..(i + 1)]);
                continue;
            }
            Flush(literal);
            _parts.Add(new Part([], letter, human, left ? -width : width, hasWidth));
        }
        Flush(literal);
    }

    private const string Letters = "bBcCfGilLmMnoptU%";

    // rsync cuts lines at about this length; a width must not be a way to fill the memory.
    private const int LongestWidth = 4096;

    /// <summary>Whether the format shows what is done with the entry (<c>%i</c> or <c>%o</c>), so that removals use it too.</summary>
    public bool ShowsOperation => _parts.Exists(part => part.Letter is 'i' or 'o');

    /// <summary>Whether the format shows itemized changes (<c>%i</c>).</summary>
    public bool ShowsChanges => _parts.Exists(part => part.Letter == 'i');

    /// <summary>Whether the format shows the content's checksum (<c>%C</c>).</summary>
    public bool ShowsChecksum => _parts.Exists(part => part.Letter == 'C');

    /// <summary>Whether the format shows what is only known after the transfer.</summary>
    public bool NeedsTransferResult => _parts.Exists(part => part.Letter is 'b' or 'c' or 'C');

    /// <summary>Adds one entry's values to a line.</summary>
    public void Format(in OutFormatItem item, LineBuilder line)
    {
        foreach (Part part in _parts)
        {
            if (part.Letter == '\0')
            {
                line.Bytes(part.Literal);
                continue;
            }
            if (TextOf(part, item) is string text) line.Text(part.Width < 0 ? text.PadRight(-part.Width) : text.PadLeft(part.Width));
            else if (part.Letter == 'L') AddTarget(item.Target, item.IsHardLink ? " => " : " -> ", part, line);
            else if (part.Letter == 'f') AddPadded(item.LongName, part.Width, line);
            else AddPadded(item.IsDirectory ? [.. item.Name, (byte)'/'] : item.Name, part.Width, line);
        }
    }

    private static string? TextOf(Part part, in OutFormatItem item) => part.Letter switch
    {
        'b' => NumberFormat.Count(item.Result.Bytes, part.HumanLevel),
        'B' => ModeText.Permissions(item.Stat.Mode),
        'c' => NumberFormat.Count(0, part.HumanLevel),
        'C' => (item.Result.Checksum ?? "").PadRight(item.ChecksumLength),
        'G' => item.Gid?.ToString(CultureInfo.InvariantCulture) ?? "DEFAULT",
        'i' => item.Changes,
        'l' => NumberFormat.Count(item.Stat.Size, part.HumanLevel),
        'm' => "",
        'M' => ModeText.LocalTime(item.Stat.MtimeSeconds, '-'),
        'o' => item.Operation,
        'p' => Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        't' => DateTime.Now.ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture),
        '%' => "%",
        'U' => (item.Uid ?? 0).ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The width is that of the target alone; with a width, even of 0, entries without one get as many blanks.</summary>
    private static void AddTarget(ReadOnlySpan<byte> target, string arrow, Part part, LineBuilder line)
    {
        if (target.IsEmpty && !part.HasWidth) return;
        line.Text(target.IsEmpty ? "    " : arrow);
        AddPadded(target, part.Width, line);
    }

    private static void AddPadded(ReadOnlySpan<byte> value, int width, LineBuilder line)
    {
        int padding = Math.Max(0, Math.Abs(width) - value.Length);
        if (width > 0) line.Text(new string(' ', padding));
        line.Bytes(value);
        if (width < 0) line.Text(new string(' ', padding));
    }

    private static int Apostrophes(ReadOnlySpan<byte> format, ref int i)
    {
        int start = i;
        while (i < format.Length && format[i] == '\'') i++;
        return i - start;
    }

    private void Flush(List<byte> literal)
    {
        if (literal.Count > 0) _parts.Add(new Part([.. literal], '\0', 0, 0, false));
        literal.Clear();
    }

    private readonly record struct Part(byte[] Literal, char Letter, int HumanLevel, int Width, bool HasWidth);
}
