using System.Globalization;

namespace PouchMonitor.Analysis.Report.Html.Plots;

/// <summary>An axis: the range it shows, where its ticks lie, and how values become places.</summary>
internal sealed class AxisScale
{
    private readonly double pixelsFrom;
    private readonly double pixelsTo;
    private readonly int decimals;

    private AxisScale(double low, double high, double step, double pixelsFrom, double pixelsTo)
    {
        Low = low;
        High = high;
        Step = step;
        this.pixelsFrom = pixelsFrom;
        this.pixelsTo = pixelsTo;
        decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 9);
    }

    public double Low { get; }

    public double High { get; }

    /// <summary>Distance of two ticks: 1, 2 or 5 times a power of ten.</summary>
    public double Step { get; }

    public IEnumerable<double> Ticks
    {
        get
        {
            long first = (long)Math.Ceiling((Low / Step) - 1e-9);
            long last = (long)Math.Floor((High / Step) + 1e-9);
            for (long at = first; at <= last; at++)
            {
                yield return at * Step;
            }
        }
    }

    /// <summary>An axis over values, with some room at both ends.</summary>
    /// <param name="low">Lowest value.</param>
    /// <param name="high">Highest value.</param>
    /// <param name="pixelsFrom">Place of the lower end.</param>
    /// <param name="pixelsTo">Place of the upper end.</param>
    /// <param name="ticks">About how many ticks.</param>
    /// <param name="roomShare">Room at each end, share of the range.</param>
    /// <param name="isWhole">True where ticks must be whole numbers.</param>
    public static AxisScale Over(
        double low, double high, double pixelsFrom, double pixelsTo, int ticks, double roomShare = 0.05, bool isWhole = false)
    {
        if (!(high > low))
        {
            double reach = isWhole ? 1 : Math.Max(Math.Abs(low) * 0.01, 1e-6);
            (low, high) = (low - reach, high + reach);
        }

        double room = roomShare * (high - low);
        (low, high) = (low - room, high + room);
        double step = NiceStep((high - low) / ticks);
        return new AxisScale(low, high, isWhole ? Math.Max(1, step) : step, pixelsFrom, pixelsTo);
    }

    public double PlaceOf(double value) => pixelsFrom + ((value - Low) / (High - Low) * (pixelsTo - pixelsFrom));

    public bool Contains(double value) => value >= Low && value <= High;

    public string TextOf(double tick) => (Math.Abs(tick) < 0.5 * Math.Pow(10, -decimals) ? 0 : tick)
        .ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Replace('-', '\u2212');

    private static double NiceStep(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double digit = rough / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }
}
