using System.Globalization;
using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report.Plots;

/// <summary>Draws an infrared image as SVG: coloured pixels, the highest temperature of each block as a figure, and a scale in degrees.</summary>
internal sealed class InfraredDrawing(HtmlText html, double lowC, double highC)
{
    /// <summary>Most rows or columns of an image that is drawn.</summary>
    public const int MostSide = 128;

    private const double PixelsWidth = 330;
    private const double ScaleLeft = 342;
    private const double ScaleWidth = 12;
    private const double MostHeight = 300;
    private const int MostAcross = 9;
    private const int MostDown = 7;
    private const int ScaleFigures = 5;

    /// <summary>True where rows, columns and temperatures agree and the image is not too large.</summary>
    public static bool CanDraw(AbuseImage image) => image is { Rows: > 0 and <= MostSide, Columns: > 0 and <= MostSide }
        && image.TemperaturesC.Count == image.Rows * image.Columns && image.TemperaturesC.Any(double.IsFinite);

    public void Write(AbuseImage image)
    {
        double side = Math.Min(PixelsWidth / image.Columns, MostHeight / image.Rows);
        double height = side * image.Rows;
        html.Raw(string.Create(CultureInfo.InvariantCulture, $"<svg class=\"heat\" viewBox=\"0 0 400 {height + 12:0.#}\" role=\"img\" aria-label=\"infrared image, {image.Rows} rows by {image.Columns} columns\"><g transform=\"translate(0 6)\">"));
        for (int row = 0; row < image.Rows; row++)
        {
            WriteRow(image, row, side);
        }

        WriteFigures(image, side);
        WriteScale(height);
        html.Raw("</g></svg>");
    }

    // Neighbours of one colour are one rectangle; a pixel without a reading stays open.
    private void WriteRow(AbuseImage image, int row, double side)
    {
        int from = 0;
        while (from < image.Columns)
        {
            int step = StepAt(image, row, from);
            int to = from + 1;
            while (to < image.Columns && StepAt(image, row, to) == step)
            {
                to++;
            }

            if (step >= 0)
            {
                // The overlap of a tenth hides the seam that rounding would leave between two rectangles.
                html.Raw(string.Create(CultureInfo.InvariantCulture,
                    $"<rect x=\"{from * side:0.##}\" y=\"{row * side:0.##}\" width=\"{((to - from) * side) + 0.1:0.##}\" height=\"{side + 0.1:0.##}\" fill=\"{HeatColor.Of(step)}\"/>"));
            }

            from = to;
        }
    }

    private int StepAt(AbuseImage image, int row, int column) =>
        image.TemperaturesC[(row * image.Columns) + column] is var value && double.IsFinite(value) ? HeatColor.StepOf(value, lowC, highC) : -1;

    private void WriteFigures(AbuseImage image, double side)
    {
        int down = (image.Rows + MostDown - 1) / MostDown;
        int across = (image.Columns + MostAcross - 1) / MostAcross;
        for (int row = 0; row < image.Rows; row += down)
        {
            for (int column = 0; column < image.Columns; column += across)
            {
                double hottest = Hottest(image, row, column, down, across);
                if (!double.IsFinite(hottest))
                {
                    continue;
                }

                double x = side * (column + (0.5 * Math.Min(across, image.Columns - column)));
                double y = (side * (row + (0.5 * Math.Min(down, image.Rows - row)))) + 3.5;
                html.Raw(string.Create(CultureInfo.InvariantCulture,
                    $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"middle\" style=\"fill:{HeatColor.InkOn(HeatColor.StepOf(hottest, lowC, highC))}\">{hottest.ToString("0", CultureInfo.InvariantCulture).Replace('-', '\u2212')}</text>"));
            }
        }
    }

    private static double Hottest(AbuseImage image, int row, int column, int down, int across)
    {
        double hottest = double.NegativeInfinity;
        for (int at = row; at < Math.Min(row + down, image.Rows); at++)
        {
            for (int place = column; place < Math.Min(column + across, image.Columns); place++)
            {
                double value = image.TemperaturesC[(at * image.Columns) + place];
                hottest = double.IsFinite(value) && value > hottest ? value : hottest;
            }
        }

        return hottest;
    }

    private void WriteScale(double height)
    {
        double step = height / HeatColor.Steps;
        for (int at = 0; at < HeatColor.Steps; at++)
        {
            html.Raw(string.Create(CultureInfo.InvariantCulture,
                $"<rect x=\"{ScaleLeft}\" y=\"{height - ((at + 1) * step):0.##}\" width=\"{ScaleWidth}\" height=\"{step + 0.1:0.##}\" fill=\"{HeatColor.Of(at)}\"/>"));
        }

        for (int at = 0; at < ScaleFigures; at++)
        {
            double share = (double)at / (ScaleFigures - 1);
            string value = (lowC + (share * (highC - lowC))).ToString(highC - lowC < 10 ? "0.0" : "0", CultureInfo.InvariantCulture).Replace('-', '\u2212');
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<text x=\"{ScaleLeft + ScaleWidth + 4}\" y=\"{height - (share * (height - 8)):0.#}\">{value}{(at == ScaleFigures - 1 ? " °C" : "")}</text>"));
        }
    }
}
