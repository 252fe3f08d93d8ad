using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Series;

/// <summary>
/// What the readings that follow must keep to for no rule to have anything to do: between <see cref="Low"/> and
/// <see cref="High"/>, and no further apart than <see cref="Spread"/>, those remembered (<see cref="Least"/>,
/// <see cref="Largest"/>) counted in. By column, in the column's unit. Each rule narrows it; it must never be wider than a
/// rule allows, and may well be narrower.
/// </summary>
internal struct QuietBand
{
    /// <summary>Added to a limit that is compared in another form than here, in any unit: far more than rounding makes.</summary>
    public const double Margin = 1e-6;

    public ColumnValues Low;
    public ColumnValues High;
    public ColumnValues Spread;
    public ColumnValues Least;
    public ColumnValues Largest;

    /// <summary>A band that allows everything and remembers nothing.</summary>
    public static QuietBand Open()
    {
        QuietBand band = default;
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            band.Low[column] = double.NegativeInfinity;
            band.High[column] = double.PositiveInfinity;
            band.Spread[column] = double.PositiveInfinity;
            band.Least[column] = double.MaxValue;
            band.Largest[column] = double.MinValue;
        }

        return band;
    }

    public void KeepAbove(int column, double low) => Low[column] = Math.Max(Low[column], low);

    public void KeepBelow(int column, double high) => High[column] = Math.Min(High[column], high);

    public void KeepWithin(int column, double spread) => Spread[column] = Math.Min(Spread[column], spread);

    /// <summary>Counts a remembered reading in.</summary>
    public void Remember(int column, double value)
    {
        Least[column] = Math.Min(Least[column], value);
        Largest[column] = Math.Max(Largest[column], value);
    }
}
