using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace SyncHop.Compare.Reports;

/// <summary>One plot for each case and rate: seconds over the round trip, a line for each program.</summary>
internal static class Plots
{
    private const int Width = 640;
    private const int Height = 400;

    /// <summary>Writes the plots as SVG files.</summary>
    /// <param name="results">The results.</param>
    /// <param name="folder">Where the files go.</param>
    public static void Write(IReadOnlyList<Result> results, string folder)
    {
        foreach (var group in results.GroupBy(result => (result.Case, result.Link.Rate)))
        {
            List<Result> shown = [.. group.Where(result => result.Seconds is not null)];
            if (shown.Count == 0) continue;
            string rate = shown[0].Link.RateText;
            PlotModel plot = Plot($"{group.Key.Case.Title} ({rate})", shown);
            string name = $"{group.Key.Case.Name}-{rate.Replace(" ", "", StringComparison.Ordinal).Replace("/", "p", StringComparison.Ordinal)}.svg";
            using FileStream file = File.Create(Path.Combine(folder, name));
            new SvgExporter { Width = Width, Height = Height, UseVerticalTextAlignmentWorkaround = true }.Export(plot, file);
        }
    }

    private static PlotModel Plot(string title, List<Result> results)
    {
        PlotModel plot = new() { Title = title, TitleFontSize = 14, Background = OxyColors.White };
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "round trip, ms", Minimum = 0 });
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Left, Title = "seconds, median", MajorGridlineStyle = LineStyle.Dot });
        plot.Legends.Add(new Legend { LegendPosition = LegendPosition.RightBottom, LegendBackground = OxyColors.White });
        foreach (IGrouping<string, Result> program in results.GroupBy(result => result.Program))
        {
            LineSeries line = new() { Title = program.Key, MarkerType = MarkerType.Circle, StrokeThickness = program.Key == "synchop" ? 3 : 1.5 };
            foreach (Result result in program) line.Points.Add(new DataPoint(result.Link.RoundTrip, result.Seconds!.Value));
            plot.Series.Add(line);
        }
        return plot;
    }
}
