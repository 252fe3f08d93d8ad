using System.Globalization;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Analysis.Abuse.Report.Plots;
using PouchMonitor.Analysis.Report.Html.Plots;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Abuse.Report;

/// <summary>Plots of an abuse test lose no extreme, break where nothing is known, and show the seconds before the trigger.</summary>
public sealed class AbusePlotTests
{
    [Fact]
    public void ThePlots_AreOfTheWholeTest_AroundTheTrigger_AndOfItsFirstSeconds()
    {
        ReportPage page = ReportPage.OfHtml(writer => AbuseReport.Write(writer, AbuseExample.Input(), AbuseExample.Written));
        string[] stack = ["Voltage", "Temperatures", "Rate of temperature, dT/dt", "Current, positive charges", "Force"];
        Assert.Equal([.. stack, .. stack, "Voltage", "Current", "Force", "First", "At the trigger", "Hottest", "Last"], page.Plots);
    }

    [Fact]
    public void TheTimeAroundTheTrigger_HasAllPreTriggerSeconds_AndReachesPastTheHighestTemperature()
    {
        var plots = new AbusePlots(new AbuseView(AbuseExample.Input()));
        (double from, double to) = plots.AroundSpan();
        Assert.Equal((-30, 17.5), (Math.Round(from, 6), Math.Round(to, 6)));
        PlotPanel voltage = plots.Around()[0];
        Assert.Equal(-30, voltage.Series[0].Points[0].X, 1e-6);
        Assert.Equal(["T", "1", "2", "a"], voltage.Moments.Where(moment => moment.At < 60).Select(moment => moment.Mark));
        Assert.Equal(0, voltage.Moments[0].At);
    }

    [Fact]
    public void TheRate_IsThatOfTheFormula()
    {
        double[] times = [.. Enumerable.Range(0, 500).Select(at => at * 0.1)];
        TraceCurve rate = TraceCurve.Of(new AbuseTrace("t", "Surface", "C", times, [.. times.Select(time => (double?)(20 + (2.5 * time)))]), 0).Rate(1);
        Assert.Equal("C/s", rate.Unit);
        Assert.All(rate.Points.Where(point => point.X < 0.99), point => Assert.True(double.IsNaN(point.Y)));
        Assert.All(rate.Points.Where(point => point.X > 1.01), point => Assert.Equal(2.5, point.Y, 1e-9));
    }

    [Fact]
    public void ACurve_BreaksAtAGapOfTheRecord_NotWhereItIsThinned()
    {
        double[] dense = [.. Enumerable.Range(0, 200).Select(at => at * 0.1)];
        double[] afterGap = [.. Enumerable.Range(0, 200).Select(at => 80 + (at * 0.1))];
        double[] thinned = [.. Enumerable.Range(0, 100).SelectMany(at => new[] { 101 + (at * 5.0), 101.3 + (at * 5.0) })];
        double[] times = [.. dense, .. afterGap, .. thinned];
        TraceCurve curve = TraceCurve.Of(new AbuseTrace("v", "Voltage", "V", times, [.. times.Select(_ => (double?)3.7)]), 0);
        PlotPoint gap = Assert.Single(curve.Points, point => !double.IsFinite(point.Y));
        Assert.InRange(gap.X, 20, 80);
    }

    [Fact]
    public void Thinning_KeepsExtremesBesideLostReadings_AndTheLossItself()
    {
        PlotPoint[] points =
        [
            .. Enumerable.Range(0, 10_000).Select(at => new PlotPoint(at, at is 4321 ? 9 : at is 4330 ? -9 : at is >= 4322 and < 4330 or > 9000 ? double.NaN : Math.Sin(at))),
        ];
        IReadOnlyList<PlotPoint> thinned = PointThinner.Thin(points, 100);
        Assert.InRange(thinned.Count, 50, 150);
        Assert.Contains(points[4321], thinned);
        Assert.Contains(points[4330], thinned);
        Assert.Contains(thinned, point => point.X is >= 4322 and < 4330 && double.IsNaN(point.Y));
        Assert.True(double.IsNaN(thinned[^1].Y));
        Assert.Equal(thinned.OrderBy(point => point.X), thinned);
    }

    [Fact]
    public void APointBetweenTwoGaps_IsSeen()
    {
        string html = Draw(new PlotPanel
        {
            Title = "t", XLabel = "x", YLabel = "y", Series = [new PlotSeries("", 1, PlotForm.Line, [new(0, 1), new(1, double.NaN), new(2, 2), new(3, double.NaN), new(4, 1), new(5, 1)])],
        });
        Assert.Equal(3, html.Split("h0").Length);
    }

    [Fact]
    public void MarksOfOneMoment_AreLetteredBesideOneAnother()
    {
        string html = Draw(new PlotPanel
        {
            Title = "t", XLabel = "x", YLabel = "y", Series = [new PlotSeries("", 1, PlotForm.Line, [new(0, 1), new(10, 2)])],
            Moments = [new PlotLine(5, "one", "") { Mark = "1" }, new PlotLine(5, "trigger", "") { Mark = "T" }],
        });
        double[] places = [.. html.Split("<text class=\"flag \" x=\"").Skip(1).Select(part => double.Parse(part[..part.IndexOf('"')], CultureInfo.InvariantCulture))];
        Assert.Equal(2, places.Length);
        Assert.InRange(places[1] - places[0], 8, 20);
    }

    [Fact]
    public void InfraredImages_ShowTheirHighestTemperatures_OnOneScale()
    {
        ReportPage page = ReportPage.OfHtml(writer => AbuseReport.Write(writer, AbuseExample.Input(), AbuseExample.Written));
        double hottest = AbuseExample.Images().Max(image => image.TemperaturesC.Max());
        Assert.Contains(hottest, page.Figures);
        Assert.Contains($">{hottest.ToString("0", CultureInfo.InvariantCulture)} °C</text>", page.Html, StringComparison.Ordinal);
        Assert.Contains($">{hottest.ToString("0", CultureInfo.InvariantCulture)}</text>", page.Html, StringComparison.Ordinal);
        AbuseReportInput odd = AbuseExample.Input() with { Images = [new AbuseImage(AbuseExample.TriggerAt, 24, 32, [20, 21])] };
        page = ReportPage.OfHtml(writer => AbuseReport.Write(writer, odd, AbuseExample.Written));
        Assert.Contains("No recorded infrared image can be drawn", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void HeatColors_GrowBrighter()
    {
        static double Luminance(string color) => (0.299 * Convert.ToInt32(color[1..3], 16)) + (0.587 * Convert.ToInt32(color[3..5], 16)) + (0.114 * Convert.ToInt32(color[5..7], 16));
        double[] brightness = [.. Enumerable.Range(0, HeatColor.Steps).Select(step => Luminance(HeatColor.Of(step)))];
        Assert.Equal(brightness.Order(), brightness);
        Assert.True(brightness[^1] - brightness[0] > 200);
    }

    private static string Draw(PlotPanel panel)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        new PlotWriter(new Analysis.Report.Html.HtmlText(writer)).Write(panel);
        return writer.ToString();
    }
}
