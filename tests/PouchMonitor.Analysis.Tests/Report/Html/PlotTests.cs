using System.Globalization;
using PouchMonitor.Analysis.Report.Html;
using PouchMonitor.Analysis.Report.Html.Plots;

namespace PouchMonitor.Analysis.Tests.Report.Html;

/// <summary>Plots put points where they belong, keep extremes, and hide no course behind a single odd value.</summary>
public sealed class PlotTests
{
    [Theory]
    [InlineData(0, 10, 2, "0 2 4 6 8 10")]
    [InlineData(3.0, 4.2, 0.5, "3.0 3.5 4.0")]
    [InlineData(-0.004, 0.009, 0.005, "0.000 0.005")]
    [InlineData(1000, 9000, 2000, "2000 4000 6000 8000")]
    public void Ticks_AreRoundNumbers(double low, double high, double step, string texts)
    {
        AxisScale scale = AxisScale.Over(low, high, 0, 100, 5, roomShare: 0);
        Assert.Equal(step, scale.Step, 1e-12);
        Assert.Equal(texts.Split(' '), scale.Ticks.Select(scale.TextOf));
    }

    [Fact]
    public void AScaleOfOneValue_IsNotEmpty()
    {
        AxisScale scale = AxisScale.Over(5, 5, 0, 100, 5);
        Assert.Equal(50, scale.PlaceOf(5), 1e-9);
        Assert.NotEmpty(scale.Ticks);
        Assert.NotEmpty(AxisScale.Over(0, 0, 0, 100, 5).Ticks);
    }

    [Fact]
    public void APlace_IsInProportion()
    {
        AxisScale scale = AxisScale.Over(0, 10, 200, 0, 5, roomShare: 0.1);
        Assert.Equal((-1, 11), (scale.Low, scale.High));
        Assert.Equal(200 - (200 * (1 + 2.5) / 12), scale.PlaceOf(2.5), 1e-9);
    }

    [Fact]
    public void ThinnedPoints_KeepTheirExtremes_InOrder()
    {
        PlotPoint[] points = [.. Enumerable.Range(0, 10_000).Select(at => new PlotPoint(at, at == 4321 ? 9 : at == 4322 ? -9 : Math.Sin(at)))];
        IReadOnlyList<PlotPoint> thinned = PointThinner.Thin(points, 100);
        Assert.InRange(thinned.Count, 50, 100);
        Assert.Contains(points[4321], thinned);
        Assert.Contains(points[4322], thinned);
        Assert.Equal(thinned.OrderBy(point => point.X), thinned);
        Assert.Same(points, PointThinner.Thin(points, 10_000));
    }

    [Fact]
    public void OneOddPoint_DoesNotSetTheScale_AndIsMarkedAtTheEdge()
    {
        string html = Draw(Values(1, 1.01, 1.02, 1, 50, 1.01, 1.02, 1, 1.01, 1.02));
        Assert.Contains("1 value outside the scale", html, StringComparison.Ordinal);
        Assert.DoesNotContain(">50<", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 1.01 1.02 1 50 50 1.02 1 1.01 1.02")] // Two in a row.
    [InlineData("1 1.01 1.02 1 1.01 1.02 1 1.01 1.02 50")] // The last.
    [InlineData("1 1.01 1.02 1 1.08 1.02 1 1.01 1.02 1")] // Hardly further than the others.
    public void ACourse_SetsTheScale(string values)
    {
        double[] numbers = [.. values.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
        Assert.DoesNotContain("outside the scale", Draw(Values(numbers)), StringComparison.Ordinal);
    }

    [Fact]
    public void ALine_BreaksWhereNothingIsKnown()
    {
        string html = Draw(new PlotSeries("", 1, PlotForm.Line, [new(0, 1), new(1, 2), new(2, double.NaN), new(3, 1), new(4, 2)]));
        string path = html[html.IndexOf("class=\"curve", StringComparison.Ordinal)..];
        path = path[..path.IndexOf("/>", StringComparison.Ordinal)];
        Assert.Equal((2, 2), (path.Count(c => c == 'M'), path.Count(c => c == 'L')));
    }

    [Fact]
    public void APlotWithoutPoints_IsNotDrawn_AndNamesAreEscaped()
    {
        Assert.Equal("", Draw(new PlotSeries("a", 1, PlotForm.Dots, [])));
        string html = Draw(new PlotSeries("<b>&\"", 1, PlotForm.Dots, [new(0, 1), new(1, 2)]));
        Assert.Contains("&lt;b&gt;&amp;&quot;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_AreWrittenAlike_InEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string expected = Draw(Values(1.5, 2.5, 3.5));
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            comma.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(expected, Draw(Values(1.5, 2.5, 3.5)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static PlotSeries Values(params double[] values) =>
        new("", 1, PlotForm.Dots, [.. values.Select((value, at) => new PlotPoint(at, value))]);

    private static string Draw(PlotSeries series)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        new PlotWriter(new HtmlText(output)).Write(new PlotPanel { Title = "t", XLabel = "x", YLabel = "y", Series = [series] });
        return output.ToString();
    }
}
