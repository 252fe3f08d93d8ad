using System.Numerics;

namespace PouchMonitor.Analysis.Series;

/// <summary>What is worked out for a whole run at once: results that do not depend on the order of the samples.</summary>
internal static class RunMath
{
    /// <summary>Least and largest of the values; at least one, no NaN.</summary>
    public static (double Least, double Largest) Range(ReadOnlySpan<double> values)
    {
        double least = values[0];
        double largest = values[0];
        int at = 0;
        int width = Vector<double>.Count;
        if (values.Length >= width)
        {
            Vector<double> low = new(values);
            Vector<double> high = low;
            for (at = width; at <= values.Length - width; at += width)
            {
                Vector<double> next = new(values[at..]);
                low = Vector.MinNative(low, next);
                high = Vector.MaxNative(high, next);
            }

            for (int lane = 0; lane < width; lane++)
            {
                least = Math.Min(least, low[lane]);
                largest = Math.Max(largest, high[lane]);
            }
        }

        for (; at < values.Length; at++)
        {
            least = Math.Min(least, values[at]);
            largest = Math.Max(largest, values[at]);
        }

        return (least, largest);
    }

    /// <summary>Least and largest magnitude of the values; at least one, no NaN.</summary>
    public static (double Least, double Largest) MagnitudeRange(ReadOnlySpan<double> values)
    {
        double least = Math.Abs(values[0]);
        double largest = least;
        int at = 0;
        int width = Vector<double>.Count;
        if (values.Length >= width)
        {
            Vector<double> low = Vector.Abs(new Vector<double>(values));
            Vector<double> high = low;
            for (at = width; at <= values.Length - width; at += width)
            {
                Vector<double> next = Vector.Abs(new Vector<double>(values[at..]));
                low = Vector.MinNative(low, next);
                high = Vector.MaxNative(high, next);
            }

            for (int lane = 0; lane < width; lane++)
            {
                least = Math.Min(least, low[lane]);
                largest = Math.Max(largest, high[lane]);
            }
        }

        for (; at < values.Length; at++)
        {
            least = Math.Min(least, Math.Abs(values[at]));
            largest = Math.Max(largest, Math.Abs(values[at]));
        }

        return (least, largest);
    }

    /// <summary>Seconds between neighbours, up to the first that lie closer or further apart than allowed; gives how many.</summary>
    public static int Seconds(ReadOnlySpan<long> microseconds, Span<double> seconds, long least, long largest)
    {
        for (int i = 1; i < microseconds.Length; i++)
        {
            long step = microseconds[i] - microseconds[i - 1];
            if ((ulong)(step - least) > (ulong)(largest - least))
            {
                return i - 1;
            }

            seconds[i - 1] = step / 1e6;
        }

        return microseconds.Length - 1;
    }

    /// <summary>The largest magnitude that two neighbours both reach; 0 where there are no two.</summary>
    public static double LargestOfBoth(ReadOnlySpan<double> values)
    {
        double largest = 0;
        int at = 1;
        int width = Vector<double>.Count;
        Vector<double> high = Vector<double>.Zero;
        for (; at <= values.Length - width; at += width)
        {
            high = Vector.MaxNative(high, Vector.MinNative(Vector.Abs(new Vector<double>(values[at..])), Vector.Abs(new Vector<double>(values[(at - 1)..]))));
        }

        for (int lane = 0; lane < width; lane++)
        {
            largest = Math.Max(largest, high[lane]);
        }

        for (; at < values.Length; at++)
        {
            largest = Math.Max(largest, Math.Min(Math.Abs(values[at]), Math.Abs(values[at - 1])));
        }

        return largest;
    }

    /// <summary>The largest quotient of two columns; the divisors are positive.</summary>
    public static double LargestQuotient(ReadOnlySpan<double> values, ReadOnlySpan<double> divisors)
    {
        double largest = double.NegativeInfinity;
        int at = 0;
        int width = Vector<double>.Count;
        Vector<double> high = new(largest);
        for (; at <= values.Length - width; at += width)
        {
            high = Vector.MaxNative(high, new Vector<double>(values[at..]) / new Vector<double>(divisors[at..]));
        }

        for (int lane = 0; lane < width; lane++)
        {
            largest = Math.Max(largest, high[lane]);
        }

        for (; at < values.Length; at++)
        {
            largest = Math.Max(largest, values[at] / divisors[at]);
        }

        return largest;
    }

    /// <summary>The trapezoids between neighbours: magnitudes of charge, C, and energy, J.</summary>
    /// <param name="run">Its currents, voltages and seconds are read, its charges and energies set.</param>
    /// <param name="from">First place.</param>
    /// <param name="count">How many; a few more may be set.</param>
    public static void Integrate(SampleRun run, int from, int count)
    {
        int width = Vector<double>.Count;
        Span<double> chargeC = run.ChargeC;
        Span<double> energyJ = run.EnergyJ;
        ReadOnlySpan<double> currentA = run.CurrentA;
        ReadOnlySpan<double> voltageV = run.VoltageV;
        ReadOnlySpan<double> seconds = run.Seconds;
        Vector<double> half = new(0.5);

        // The columns have room for a whole vector beyond the last sample; what is worked out there is not used.
        for (int at = from; at < from + count; at += width)
        {
            Vector<double> currents = Vector.Abs(new Vector<double>(currentA[at..])) + Vector.Abs(new Vector<double>(currentA[(at - 1)..]));
            Vector<double> charge = half * currents * new Vector<double>(seconds[at..]);
            charge.CopyTo(chargeC[at..]);
            Vector<double> volts = new Vector<double>(voltageV[at..]) + new Vector<double>(voltageV[(at - 1)..]);
            (charge * half * volts).CopyTo(energyJ[at..]);
        }
    }
}
