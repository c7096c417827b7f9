using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SyncHop.Cli.Live;

/// <summary>Lays the figures out with Spectre.Console.</summary>
/// <param name="colours">Whether there are colours.</param>
/// <param name="unicode">Whether the terminal shows more than ASCII.</param>
internal sealed class LiveView(bool colours, bool unicode)
{
    private const int WidestBar = 40;
    private const int FiguresWidth = 56; // What stands beside the bar at its longest.
    private const int NarrowestBar = 8;

    private readonly string _gap = unicode ? "…" : "...";
    private readonly ProgressBarColumn _bar = new()
    {
        CompletedStyle = new Style(Color.Green),
        RemainingStyle = new Style(Color.Grey),
        FinishedStyle = new Style(Color.Green),
    };

    /// <summary>The lines for a terminal, with escape sequences for colours alone.</summary>
    /// <param name="figures">What is shown.</param>
    /// <param name="columns">The terminal's width: no line is as wide.</param>
    /// <param name="rows">The terminal's height: there are fewer lines.</param>
    public IReadOnlyList<string> Render(LiveFigures figures, int columns, int rows)
    {
        int width = columns - 1; // In the last column some terminals wrap already.
        if (width < 10 || rows < 2) return [];
        using StringWriter text = new(CultureInfo.InvariantCulture);
        IAnsiConsole console = Console(text);
        if (figures.Connecting is { } hosts && figures.Entries == 0)
        {
            Write(console, Start($"connecting to {hosts}", width));
        }
        else
        {
            WriteTotal(console, figures, width);
            Write(console, Start(Counts(figures), width));
            foreach (string name in figures.Current) Write(console, "  " + End(name, width - 2), Color.Grey);
        }
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(rows - 1)];
    }

    private void WriteTotal(IAnsiConsole console, LiveFigures figures, int width)
    {
        string amount = $"{Size(figures.BytesDone)} of {Size(figures.Bytes)}", rate = $"{Size(figures.Rate)}/s";
        if (figures.Part is not { } part)
        {
            Write(console, Start($"{amount} so far  {rate}", width));
            return;
        }
        int bar = Math.Min(WidestBar, width - FiguresWidth);
        if (bar >= NarrowestBar)
        {
            _bar.Width = bar;
            console.Write(_bar.Render(RenderOptions.Create(console, console.Profile.Capabilities), new ProgressTask(0, "all", 1) { Value = part }, TimeSpan.Zero));
            console.Write(new Text("  "));
            width -= bar + 2;
        }
        string left = figures.TimeLeft is { } time ? $"  ETA {(int)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}" : "";
        Write(console, Start(string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(part * 100),3:F0}%  {amount}  {rate}{left}"), width));
    }

    private static void Write(IAnsiConsole console, string line, Color? colour = null)
    {
        console.Write(new Text(line, new Style(colour)));
        console.WriteLine();
    }

    /// <summary>As much of a text as fits, from its beginning.</summary>
    private string Start(string text, int width)
    {
        if (text.GetCellWidth() <= width) return text;
        StringBuilder kept = new();
        int left = width - _gap.Length;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if ((left -= rune.ToString().GetCellWidth()) < 0) break;
            kept.Append(rune);
        }
        return kept.Append(_gap).ToString();
    }

    /// <summary>As much of a text as fits, from its end: of a path that is what tells.</summary>
    private string End(string text, int width)
    {
        if (text.GetCellWidth() <= width) return text;
        int left = width - _gap.Length, from = text.Length;
        while (from > 0)
        {
            int length = from > 1 && char.IsSurrogatePair(text[from - 2], text[from - 1]) ? 2 : 1;
            if ((left -= text.Substring(from - length, length).GetCellWidth()) < 0) break;
            from -= length;
        }
        return _gap + text[from..];
    }

    private static string Counts(LiveFigures figures)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{figures.FilesSent:N0} {(figures.FilesSent == 1 ? "file" : "files")} sent, {figures.Entries:N0} listed{(figures.IsListComplete ? "" : " so far")}");
        if (figures.Connections > 0) text.Append(CultureInfo.InvariantCulture, $", {figures.Connections} {(figures.Connections == 1 ? "connection" : "connections")}");
        return text.ToString();
    }

    /// <summary>A number of bytes as people read it, in powers of 1000.</summary>
    internal static string Size(double bytes)
    {
        string unit = "B";
        foreach (string larger in (ReadOnlySpan<string>)["kB", "MB", "GB", "TB", "PB"])
        {
            if (bytes < 999.5) break;
            bytes /= 1000;
            unit = larger;
        }
        return bytes.ToString(unit == "B" || bytes >= 99.95 ? "F0" : "F1", CultureInfo.InvariantCulture) + " " + unit;
    }

    private IAnsiConsole Console(StringWriter text)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new TextOutput(text),
        });
        console.Profile.Capabilities.Unicode = unicode;
        return console;
    }

    /// <summary>A text for output. Spectre.Console's own asks System.Console for the size, which sets the terminal up for itself.</summary>
    private sealed class TextOutput(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        // What does not fit has been cut off.
        public int Width => short.MaxValue;

        public int Height => short.MaxValue;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
