namespace PouchMonitor.Simulation;

/// <summary>
/// Open-circuit voltage against state of charge (0 to 1), from a table. Between the points it follows a monotone cubic
/// (Fritsch and Carlson, SIAM J. Numer. Anal. 17, 238 (1980)), so that dQ/dV has no steps, laid out once on a fine grid
/// and read linearly from there. Outside 0 to 1 it goes on with the slope of the outermost grid interval, which is what
/// makes an overcharged or overdischarged cell leave its window.
/// </summary>
public sealed class OpenCircuitCurve
{
    private const int GridIntervals = 2000;
    private readonly double[] gridVolts = new double[GridIntervals + 1];

    private OpenCircuitCurve(double[] stateOfCharge, double[] volts)
    {
        double[] slopes = MonotoneSlopes(stateOfCharge, volts);
        int segment = 0;
        for (int i = 0; i <= GridIntervals; i++)
        {
            double x = (double)i / GridIntervals;
            while (segment < stateOfCharge.Length - 2 && x > stateOfCharge[segment + 1])
            {
                segment++;
            }

            double width = stateOfCharge[segment + 1] - stateOfCharge[segment];
            double t = (x - stateOfCharge[segment]) / width;
            double t2 = t * t;
            double t3 = t2 * t;
            gridVolts[i] = (((2 * t3) - (3 * t2) + 1) * volts[segment]) + ((t3 - (2 * t2) + t) * width * slopes[segment])
                + (((-2 * t3) + (3 * t2)) * volts[segment + 1]) + ((t3 - t2) * width * slopes[segment + 1]);
        }
    }

    /// <summary>Makes a curve from points given as (state of charge, volts), from 0 to 1, both rising.</summary>
    public static OpenCircuitCurve FromPoints(params (double StateOfCharge, double Volts)[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Length < 2 || points[0].StateOfCharge != 0 || points[^1].StateOfCharge != 1)
        {
            throw new ArgumentException("A curve needs two or more points from state of charge 0 to 1.", nameof(points));
        }

        for (int i = 1; i < points.Length; i++)
        {
            if (!(points[i].StateOfCharge > points[i - 1].StateOfCharge) || !(points[i].Volts > points[i - 1].Volts))
            {
                throw new ArgumentException($"Point {i} does not rise above the one before it.", nameof(points));
            }
        }

        return new OpenCircuitCurve(
            Array.ConvertAll(points, point => point.StateOfCharge), Array.ConvertAll(points, point => point.Volts));
    }

    /// <summary>Open-circuit voltage at a state of charge, volts.</summary>
    public double VoltsAt(double stateOfCharge)
    {
        double position = stateOfCharge * GridIntervals;
        int at = position <= 0 ? 0 : position >= GridIntervals ? GridIntervals - 1 : (int)position;
        return gridVolts[at] + ((position - at) * (gridVolts[at + 1] - gridVolts[at]));
    }

    /// <summary>State of charge at which the open-circuit voltage is <paramref name="volts"/>, limited to 0 to 1.</summary>
    public double StateOfChargeAt(double volts)
    {
        int at = Array.BinarySearch(gridVolts, volts);
        if (at >= 0)
        {
            return (double)at / GridIntervals;
        }

        int above = ~at;
        if (above == 0 || above > GridIntervals)
        {
            return above == 0 ? 0 : 1;
        }

        double part = (volts - gridVolts[above - 1]) / (gridVolts[above] - gridVolts[above - 1]);
        return (above - 1 + part) / GridIntervals;
    }

    private static double[] MonotoneSlopes(double[] x, double[] y)
    {
        int count = x.Length;
        double[] secants = new double[count - 1];
        for (int i = 0; i < count - 1; i++)
        {
            secants[i] = (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
        }

        double[] slopes = new double[count];
        slopes[0] = secants[0];
        slopes[^1] = secants[^1];
        for (int i = 1; i < count - 1; i++)
        {
            // Harmonic mean: keeps every interval monotone without a further check.
            slopes[i] = 2 * secants[i - 1] * secants[i] / (secants[i - 1] + secants[i]);
        }

        return slopes;
    }
}
