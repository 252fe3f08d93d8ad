namespace PouchMonitor.Analysis.Report.Html.Plots;

/// <summary>A point of a plot; a y that is not a number breaks a line.</summary>
internal readonly record struct PlotPoint(double X, double Y);

/// <summary>How a series is drawn.</summary>
internal enum PlotForm
{
    Line = 0,
    Dots = 1,

    /// <summary>Open circles: what counts less, such as cycles that are not complete.</summary>
    Rings = 2,

    /// <summary>Small triangles: peaks.</summary>
    Peaks = 3,

    /// <summary>An area between two lines: points go along the lower one and back along the upper one.</summary>
    Band = 4,
}

/// <summary>Points of one kind.</summary>
/// <param name="Name">Name in the legend; empty for none.</param>
/// <param name="Color">Number of the colour, from 1 to 8.</param>
/// <param name="Form">How it is drawn.</param>
/// <param name="Points">In order.</param>
internal sealed record PlotSeries(string Name, int Color, PlotForm Form, IReadOnlyList<PlotPoint> Points)
{
    public bool IsDashed { get; init; }

    /// <summary>False for points that do not set the scale, and are marked at the edge where they lie outside it.</summary>
    public bool SetsScale { get; init; } = true;

    /// <summary>Radius of a mark; larger where there are few.</summary>
    public double MarkRadius { get; init; } = 1.9;
}

/// <summary>A line across the plot.</summary>
/// <param name="At">Its place on the axis.</param>
/// <param name="Label">What it says; empty for nothing.</param>
/// <param name="Style">Class of its colour, such as the name of a severity.</param>
internal sealed record PlotLine(double At, string Label, string Style)
{
    /// <summary>A letter or two written at an upright line's head, where a key says what it means; empty for a small flag.</summary>
    public string Mark { get; init; } = "";
}

/// <summary>One plot.</summary>
internal sealed record PlotPanel
{
    public required string Title { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    public required IReadOnlyList<PlotSeries> Series { get; init; }

    /// <summary>Level lines, such as the end of life.</summary>
    public IReadOnlyList<PlotLine> Levels { get; init; } = [];

    /// <summary>Upright lines, such as findings.</summary>
    public IReadOnlyList<PlotLine> Moments { get; init; } = [];

    /// <summary>A sentence under the plot; empty for none.</summary>
    public string Note { get; init; } = "";

    /// <summary>True where cycles or other whole numbers are on the x axis.</summary>
    public bool HasWholeX { get; init; }

    /// <summary>Where the x axis shall begin; null for the first point.</summary>
    public double? LeastX { get; init; }

    /// <summary>Where the x axis shall reach to; null for the last point.</summary>
    public double? GreatestX { get; init; }

    /// <summary>Width of the drawing, in the units of its text of 10.5; a wide one takes the whole line.</summary>
    public double Width { get; init; } = 400;

    public double Height { get; init; } = 244;

    public bool IsEmpty => Series.All(series => series.Points.All(point => !double.IsFinite(point.Y)));
}
