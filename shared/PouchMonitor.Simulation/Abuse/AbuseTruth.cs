namespace PouchMonitor.Simulation.Abuse;

/// <summary>
/// What really happens in an emulated abuse, from its exact curves, in seconds since the event: what values computed from a node's
/// samples are held against. Each measure is written out from its definition here, independently of the analysis.
/// </summary>
public sealed class AbuseTruth
{
    /// <summary>Time between two points of the curves, s.</summary>
    public const double GridS = 0.01;

    private const int StepsPerPoint = 5;

    private readonly double[] volts;
    private readonly double[] surface;

    private AbuseTruth(AbuseScript script, double[] volts, double[] surface, AbuseCell cell)
    {
        Script = script;
        this.volts = volts;
        this.surface = surface;
        VentedAtS = cell.VentedAtS;
        MassLostG = cell.MassLostG;
        int hottest = Array.IndexOf(surface, surface.Max());
        MaximumSurfaceC = surface[hottest];
        MaximumAtS = hottest * GridS;
    }

    public AbuseScript Script { get; }

    /// <summary>Voltage before the event.</summary>
    public double InitialVoltageV => volts[0];

    public double MaximumSurfaceC { get; }

    public double MaximumAtS { get; }

    /// <summary>When the pouch opened; null where it did not.</summary>
    public double? VentedAtS { get; }

    public double MassLostG { get; }

    /// <summary>Follows an event for so long, s.</summary>
    public static AbuseTruth Of(AbuseScript script, double lengthS)
    {
        AbuseCell cell = new(script);
        int points = (int)Math.Ceiling(lengthS / GridS) + 1;
        double[] volts = new double[points];
        double[] surface = new double[points];
        for (int i = 0; i < points; i++)
        {
            volts[i] = cell.VoltageV;
            surface[i] = cell.SurfaceC;
            for (int step = 0; step < StepsPerPoint; step++)
            {
                cell.Step();
            }
        }

        return new AbuseTruth(script, volts, surface, cell);
    }

    /// <summary>Voltage at a time, V.</summary>
    public double VoltageAt(double timeS) => volts[Index(timeS)];

    /// <summary>Surface temperature at a time, C.</summary>
    public double SurfaceAt(double timeS) => surface[Index(timeS)];

    /// <summary>When the voltage has first fallen by a part of what it was, s; null where it has not.</summary>
    public double? DroppedAtS(double part) => FirstS(i => volts[i] <= (1 - part) * volts[0]);

    /// <summary>When the voltage is first this much above what it was, s; null where it is not.</summary>
    public double? RoseAtS(double byV) => FirstS(i => volts[i] >= volts[0] + byV);

    /// <summary>When the surface is first at or above a temperature, s; null where it is not.</summary>
    public double? HotAtS(double celsius) => FirstS(i => surface[i] >= celsius);

    /// <summary>When the surface is at or below a temperature to stay, s; null where it never was above, or still is at the end.</summary>
    public double? CooledAtS(double celsius)
    {
        int last = Array.FindLastIndex(surface, value => value > celsius);
        return last < 0 || last == surface.Length - 1 ? null : (last + 1) * GridS;
    }

    /// <summary>Largest rise of the surface over a window, C/s.</summary>
    public double LargestRateCPerS(double windowS)
    {
        int window = (int)Math.Round(windowS / GridS);
        double largest = 0;
        for (int i = 1; i < surface.Length; i++)
        {
            largest = Math.Max(largest, (surface[i] - SurfaceBefore(i, window)) / windowS);
        }

        return largest;
    }

    /// <summary>Beginning of the first stretch of <paramref name="holdS"/> in which the surface rises over the window at this rate or faster, s; null where there is none.</summary>
    public double? HeatsItselfFromS(double rateCPerMinute, double windowS, double holdS) => HeatsFromS(rateCPerMinute / 60, windowS, holdS);

    /// <summary>
    /// When the runaway criterion of GB 38031 is met by the exact curves: the surface rises over 1 s by <paramref name="rateCPerS"/> or more
    /// for <paramref name="holdS"/>, and the voltage has lost a quarter or the surface is at <paramref name="maximumC"/>; null where never.
    /// </summary>
    public double? RunsAwayAtS(double rateCPerS = 1, double holdS = 3, double maximumC = double.PositiveInfinity)
    {
        int window = (int)Math.Round(1 / GridS);
        int since = -1;
        bool hasFallen = false;
        for (int i = 1; i < surface.Length; i++)
        {
            hasFallen |= volts[i] <= 0.75 * volts[0] || surface[i] >= maximumC;
            since = surface[i] - SurfaceBefore(i, window) < rateCPerS ? -1 : since < 0 ? i : since;
            if (since >= 0 && hasFallen && (i - since) * GridS >= holdS)
            {
                return i * GridS;
            }
        }

        return null;
    }

    private double? HeatsFromS(double rateCPerS, double windowS, double holdS)
    {
        int window = (int)Math.Round(windowS / GridS);
        int since = -1;
        for (int i = 1; i < surface.Length; i++)
        {
            since = (surface[i] - SurfaceBefore(i, window)) / windowS < rateCPerS ? -1 : since < 0 ? i : since;
            if (since >= 0 && (i - since) * GridS >= holdS)
            {
                return since * GridS;
            }
        }

        return null;
    }

    // Before the event the cell is as it was at its beginning.
    private double SurfaceBefore(int at, int window) => surface[Math.Max(0, at - window)];

    private int Index(double timeS) => Math.Clamp((int)Math.Round(timeS / GridS), 0, volts.Length - 1);

    private double? FirstS(Predicate<int> holds)
    {
        for (int i = 0; i < volts.Length; i++)
        {
            if (holds(i))
            {
                return i * GridS;
            }
        }

        return null;
    }
}
