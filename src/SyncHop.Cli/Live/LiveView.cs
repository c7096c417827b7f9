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
    private const int FiguresWidth = 62; // What stands beside the bar at its longest.
    private const int NarrowestBar = 8;

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
        IAnsiConsole console = Console(text, width, rows);
        foreach (IRenderable line in Lines(figures, console, width).Take(rows - 1)) console.Write(line);
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private IEnumerable<IRenderable> Lines(LiveFigures figures, IAnsiConsole console, int width)
    {
        if (figures.Connecting is { } hosts && figures.Entries == 0)
        {
            yield return Line($"connecting to {hosts}");
            yield break;
        }
        yield return figures.Part is { } part ? Total(figures, part, console, width) : Line($"{Size(figures.BytesDone)} of {Size(figures.Bytes)} so far  {Size(figures.Rate)}/s");
        yield return Line(Counts(figures));
        foreach (string name in figures.Current) yield return Line("  " + name, Color.Grey);
    }

    private Grid Total(LiveFigures figures, double part, IAnsiConsole console, int width)
    {
        string left = figures.TimeLeft is { } time ? $"  ETA {(int)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}" : "";
        Text numbers = Plain(string.Create(
            CultureInfo.InvariantCulture, $"{Math.Floor(part * 100),3:F0}%  {Size(figures.BytesDone)} of {Size(figures.Bytes)}  {Size(figures.Rate)}/s{left}"), null);
        Grid line = new() { Expand = false };
        int bar = Math.Min(WidestBar, width - FiguresWidth);
        if (bar < NarrowestBar) return line.AddColumn(Column()).AddRow(numbers);
        ProgressTask task = new(0, "run", 1) { Value = part };
        _bar.Width = bar;
        return line.AddColumn(Column(2)).AddColumn(Column()).AddRow(_bar.Render(RenderOptions.Create(console, console.Profile.Capabilities), task, TimeSpan.Zero), numbers);
    }

    private static string Counts(LiveFigures figures)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{figures.FilesSent:N0} {(figures.FilesSent == 1 ? "file" : "files")} sent, {figures.Entries:N0} listed{(figures.IsListComplete ? "" : " so far")}");
        if (figures.Connections > 0) text.Append(CultureInfo.InvariantCulture, $", {figures.Connections} {(figures.Connections == 1 ? "connection" : "connections")}");
        return text.ToString();
    }

    private static Grid Line(string text, Color? colour = null) => new Grid { Expand = false }.AddColumn(Column()).AddRow(Plain(text, colour));

    private static Text Plain(string text, Color? colour) => new(text, new Style(colour)) { Overflow = Overflow.Ellipsis };

    private static GridColumn Column(int gap = 0) => new() { NoWrap = true, Padding = new Padding(0, 0, gap, 0) };

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

    private IAnsiConsole Console(StringWriter text, int width, int rows)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(text),
        });
        (console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode) = (width, rows, unicode);
        return console;
    }
}
