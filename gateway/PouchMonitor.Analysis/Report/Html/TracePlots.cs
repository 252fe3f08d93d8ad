using System.Globalization;
using PouchMonitor.Analysis.Report.Html.Plots;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>Voltage, current and temperatures over the time of a test, for tests without cycles or with few.</summary>
internal sealed class TracePlots(CellView view)
{
    private const int MostCycles = 4;
    private const int MostMoments = 12;

    public IEnumerable<PlotPanel> All()
    {
        if (view.Report.Detail is not { } detail)
        {
            return [];
        }

        PlotPanel[] focus = detail.Focus is { Rows.Count: > 1 } about ? [.. Panels(about, "about the gravest findings")] : [];
        return view.Report.Cycles.Count <= MostCycles && detail.Trace.Rows.Count > 1 ? [.. focus, .. Panels(detail.Trace, "over the whole test")] : focus;
    }

    private IEnumerable<PlotPanel> Panels(TestTrace trace, string stretch)
    {
        IReadOnlyList<SampleRow> rows = trace.Rows;
        long zero = TimeText.IsClock(rows[0].TimeMicroseconds) ? rows[0].TimeMicroseconds : 0;
        (string unit, double seconds) = TimeText.AxisUnit((rows[^1].TimeMicroseconds - zero) / 1e6);
        double Axis(long microseconds) => (microseconds - zero) / 1e6 / seconds;
        PlotLine[] moments =
        [
            .. view.Findings.Take(MostMoments).Select(finding => new PlotLine(
                Axis(finding.OnsetMicroseconds), $"{finding.Rule}: {finding.Message}", AnalysisJson.NameOf(finding.Severity))),
        ];
        string label = zero == 0 ? $"time, {unit}" : $"time since {TimeText.Moment(zero)}, {unit}";
        PlotPanel Panel(string title, string quantity, params IReadOnlyList<PlotSeries> series) => new()
        {
            Title = $"{title} {stretch}", XLabel = label, YLabel = quantity, Series = series, Moments = moments,
            Note = string.Create(CultureInfo.InvariantCulture, $"Lowest and highest of every {trace.IntervalSeconds:G3} s."),
        };
        PlotSeries One(string name, int color, int column) => new(
            name, color, PlotForm.Line, [.. rows.Select(row => new PlotPoint(Axis(row.TimeMicroseconds), row.Values[column]))]);
        bool HasValues((string Name, int Color, int Column) sensor) => rows.Any(row => double.IsFinite(row.Values[sensor.Column]));
        return
        [
            Panel("Voltage", "V", One("", 2, SampleColumns.Voltage)),
            Panel("Current", "A (positive charges)", One("", 1, SampleColumns.Current)),
            Panel("Temperatures", "°C", [.. Temperatures().Where(HasValues).Select(sensor => One(sensor.Name, sensor.Color, sensor.Column))]),
        ];
    }

    private static IEnumerable<(string Name, int Color, int Column)> Temperatures()
    {
        yield return ("surface", 4, SampleColumns.Surface);
        yield return ("infrared", 6, SampleColumns.Infrared);
        yield return ("ambient", 8, SampleColumns.Ambient);
        int[] colors = [1, 2, 3, 5, 7];
        for (int column = SampleColumns.FirstExtraSurface; column < SampleColumns.Count; column++)
        {
            int at = column - SampleColumns.FirstExtraSurface;
            yield return (string.Create(CultureInfo.InvariantCulture, $"sensor {at + 2}"), colors[at % colors.Length], column);
        }
    }
}
