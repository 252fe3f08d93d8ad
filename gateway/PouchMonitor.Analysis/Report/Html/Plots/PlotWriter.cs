using System.Globalization;
using System.Text;

namespace PouchMonitor.Analysis.Report.Html.Plots;

/// <summary>Draws a plot as SVG within a figure: axes, series, lines, legend. No script; colours come from the style sheet.</summary>
internal sealed class PlotWriter(HtmlText html)
{
    private const double Left = 46;
    private const double RightRoom = 8;
    private const double Top = 24;
    private const double BottomRoom = 38;
    private const double WideFrom = 500;

    private double right;
    private double bottom;
    private int outside;

    /// <summary>Draws the plot; nothing where it has no points.</summary>
    public void Write(PlotPanel panel)
    {
        if (panel.IsEmpty)
        {
            return;
        }

        right = panel.Width - RightRoom;
        bottom = panel.Height - BottomRoom;
        AxisScale x = XScale(panel);
        AxisScale y = YScale(panel);
        outside = 0;
        html.Raw(panel.Width >= WideFrom ? "<figure class=\"plot wide\"><figcaption>" : "<figure class=\"plot\"><figcaption>").Text(panel.Title).Raw("</figcaption>");
        WriteLegend(panel);
        html.Raw(string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {panel.Width} {panel.Height}\" role=\"img\" aria-label=\""))
            .Text($"{panel.Title}: {panel.YLabel} over {panel.XLabel}").Raw("\">");
        WriteAxes(panel, x, y);
        WriteLevels(panel, y);
        foreach (PlotSeries series in panel.Series)
        {
            WriteSeries(series, x, y);
        }

        WriteMoments(panel, x);
        html.Raw("</svg>");
        WriteNote(panel);
        html.Raw("</figure>\n");
    }

    private AxisScale XScale(PlotPanel panel)
    {
        double low = panel.LeastX ?? double.PositiveInfinity;
        double high = panel.GreatestX ?? double.NegativeInfinity;
        foreach (PlotPoint point in panel.Series.SelectMany(series => series.Points).Where(point => double.IsFinite(point.Y)))
        {
            low = Math.Min(low, point.X);
            high = Math.Max(high, point.X);
        }

        return AxisScale.Over(low, high, Left, right, panel.Width >= WideFrom ? 10 : 6, 0.02, panel.HasWholeX);
    }

    private AxisScale YScale(PlotPanel panel)
    {
        double[] values = ScaleValues(panel.Series.Where(series => series.SetsScale));
        if (values.Length == 0)
        {
            values = ScaleValues(panel.Series);
        }

        return AxisScale.Over(
            Math.Min(values.Min(), panel.Levels.Select(line => line.At).DefaultIfEmpty(double.PositiveInfinity).Min()),
            Math.Max(values.Max(), panel.Levels.Select(line => line.At).DefaultIfEmpty(double.NegativeInfinity).Max()),
            bottom, Top, 5);
    }

    private static double[] ScaleValues(IEnumerable<PlotSeries> series) =>
        [.. series.SelectMany(one => one.Form == PlotForm.Dots ? LonelyPoints.Without(one.Points) : one.Points.Select(point => point.Y).Where(double.IsFinite))];

    private void WriteLegend(PlotPanel panel)
    {
        PlotSeries[] named = [.. panel.Series.Where(series => series.Name.Length > 0 && series.Points.Count > 0)];
        if (named.Length == 0)
        {
            return;
        }

        html.Raw("<ul class=\"legend\">");
        foreach (PlotSeries series in named)
        {
            string form = series.Form switch
            {
                PlotForm.Line when series.IsDashed => "dash",
                PlotForm.Line => "line",
                PlotForm.Rings => "ring",
                PlotForm.Peaks => "peak",
                PlotForm.Band => "band",
                _ => "dot",
            };
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<li><i class=\"{form} k{series.Color}\"></i>")).Text(series.Name).Raw("</li>");
        }

        html.Raw("</ul>");
    }

    private void WriteAxes(PlotPanel panel, AxisScale x, AxisScale y)
    {
        html.Raw("<g class=\"grid\">");
        foreach (double tick in y.Ticks)
        {
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {y.PlaceOf(tick):0.#}H{right}\"/>"));
        }

        html.Raw("</g><g class=\"ticks\">");
        foreach (double tick in y.Ticks)
        {
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<text x=\"{Left - 5}\" y=\"{y.PlaceOf(tick) + 3.4:0.#}\" text-anchor=\"end\">{y.TextOf(tick)}</text>"));
        }

        foreach (double tick in x.Ticks)
        {
            double at = x.PlaceOf(tick);
            string anchor = at > right - 8 ? "end" : "middle";
            html.Raw(string.Create(CultureInfo.InvariantCulture,
                $"<path d=\"M{at:0.#} {bottom}v4\"/><text x=\"{at:0.#}\" y=\"{bottom + 14}\" text-anchor=\"{anchor}\">{x.TextOf(tick)}</text>"));
        }

        html.Raw(string.Create(CultureInfo.InvariantCulture, $"</g><path class=\"frame\" d=\"M{Left} {Top}V{bottom}H{right}\"/><text class=\"axis\" x=\"{0.5 * (Left + right)}\" y=\"{panel.Height - 6}\" text-anchor=\"middle\">"))
            .Text(panel.XLabel)
            .Raw(string.Create(CultureInfo.InvariantCulture, $"</text><text class=\"axis\" x=\"2\" y=\"{Top - 12}\">"))
            .Text(panel.YLabel).Raw("</text>");
    }

    private void WriteLevels(PlotPanel panel, AxisScale y)
    {
        foreach (PlotLine level in panel.Levels)
        {
            double at = y.PlaceOf(level.At);
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<path class=\"level {level.Style}\" d=\"M{Left} {at:0.#}H{right}\"/>"));
            if (level.Label.Length > 0)
            {
                html.Raw(string.Create(CultureInfo.InvariantCulture, $"<text class=\"mark {level.Style}\" x=\"{Left + 4}\" y=\"{(at > bottom - 12 ? at - 4 : at + 11):0.#}\">"))
                    .Text(level.Label).Raw("</text>");
            }
        }
    }

    private void WriteMoments(PlotPanel panel, AxisScale x)
    {
        double taken = double.NegativeInfinity;
        foreach (PlotLine moment in panel.Moments.Where(moment => x.Contains(moment.At)).OrderBy(moment => moment.At))
        {
            double at = x.PlaceOf(moment.At);
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<path class=\"moment {moment.Style}\" d=\"M{at:0.#} {Top}V{bottom}\"><title>"))
                .Text(moment.Label).Raw("</title></path>");
            if (moment.Mark.Length == 0)
            {
                html.Raw(string.Create(CultureInfo.InvariantCulture, $"<path class=\"flag {moment.Style}\" d=\"M{at - 4:0.#} {Top - 8}h8l-4 7z\"/>"));
                continue;
            }

            // Moments that lie close together are lettered one beside the other, each with a line to its place.
            double half = 1 + (3.5 * moment.Mark.Length);
            double place = Math.Max(at, taken + half);
            taken = place + half;
            html.Raw(string.Create(CultureInfo.InvariantCulture,
                $"<path class=\"moment {moment.Style}\" d=\"M{at:0.#} {Top}L{place:0.#} {Top - 5}\"/><text class=\"flag {moment.Style}\" x=\"{place:0.#}\" y=\"{Top - 7}\" text-anchor=\"middle\">"))
                .Text(moment.Mark).Raw("</text>");
        }
    }

    private void WriteSeries(PlotSeries series, AxisScale x, AxisScale y)
    {
        IReadOnlyList<PlotPoint> points = series.Form == PlotForm.Band ? series.Points : PointThinner.Thin(series.Points, MostOf(series.Form));
        string path = series.Form is PlotForm.Line or PlotForm.Band ? Line(points, x, y) : Marks(series, points, x, y);
        if (path.Length == 0)
        {
            return;
        }

        string form = series.Form switch
        {
            PlotForm.Line => "curve",
            PlotForm.Band => "area",
            PlotForm.Rings => "rings",
            _ => "dots",
        };
        html.Raw(string.Create(CultureInfo.InvariantCulture, $"<path class=\"{form} k{series.Color}{(series.IsDashed ? " dashed" : "")}\" d=\"{path}{(series.Form == PlotForm.Band ? "Z" : "")}\"/>"));
    }

    private static int MostOf(PlotForm form) => form == PlotForm.Line ? PointThinner.MostLinePoints : PointThinner.MostMarks;

    private static string Line(IReadOnlyList<PlotPoint> points, AxisScale x, AxisScale y)
    {
        var path = new StringBuilder();
        bool isDown = false;
        for (int at = 0; at < points.Count; at++)
        {
            PlotPoint point = points[at];
            if (!double.IsFinite(point.Y))
            {
                isDown = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(isDown ? 'L' : 'M')}{x.PlaceOf(point.X):0.#} {y.PlaceOf(Math.Clamp(point.Y, y.Low, y.High)):0.#}");
            if (!isDown && (at + 1 == points.Count || !double.IsFinite(points[at + 1].Y)))
            {
                path.Append("h0"); // A point alone between two gaps shows as a dot.
            }

            isDown = true;
        }

        return path.ToString();
    }

    private string Marks(PlotSeries series, IReadOnlyList<PlotPoint> points, AxisScale x, AxisScale y)
    {
        double radius = series.MarkRadius;
        var path = new StringBuilder();
        foreach (PlotPoint point in points.Where(point => double.IsFinite(point.Y)))
        {
            double atX = x.PlaceOf(point.X);
            if (!y.Contains(point.Y))
            {
                outside++;
                bool isAbove = point.Y > y.High;
                path.Append(CultureInfo.InvariantCulture, $"M{atX - 3:0.#} {(isAbove ? Top + 5 : bottom - 5):0.#}h6l-3 {(isAbove ? -5 : 5)}z");
                continue;
            }

            double atY = y.PlaceOf(point.Y);
            if (series.Form == PlotForm.Peaks)
            {
                path.Append(CultureInfo.InvariantCulture, $"M{atX - 3.5:0.#} {atY + (point.Y < 0 ? 7 : -7):0.#}h7l-3.5 {(point.Y < 0 ? -5 : 5)}z");
            }
            else
            {
                path.Append(CultureInfo.InvariantCulture, $"M{atX - radius:0.#} {atY:0.#}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0z");
            }
        }

        return path.ToString();
    }

    private void WriteNote(PlotPanel panel)
    {
        int thinned = panel.Series.Where(series => series.Form != PlotForm.Band && series.Points.Count > MostOf(series.Form))
            .Select(series => series.Points.Count).DefaultIfEmpty(0).Max();
        string[] notes =
        [
            panel.Note,
            outside == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{outside} value{(outside == 1 ? "" : "s")} outside the scale, as triangles at its edge."),
            thinned == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"Thinned from {thinned} points; lowest and highest of every stretch are kept."),
        ];
        string note = string.Join(' ', notes.Where(one => one.Length > 0));
        if (note.Length > 0)
        {
            html.Raw("<p class=\"note\">").Text(note).Raw("</p>");
        }
    }
}
