using System.Runtime.CompilerServices;

namespace PouchMonitor.Analysis.Measures;

/// <summary>Voltage and current of one instant near an edge.</summary>
internal struct PulsePoint
{
    public long TimeMicroseconds;
    public double VoltageV;
    public double CurrentA;
}

/// <summary>The last points of the running step, at least 0.1 s apart, so that eight reach back behind any edge.</summary>
internal struct PulseHistory
{
    private const long SpacingMicroseconds = 100_000;
    private const int Capacity = 8;

    private Points points;
    private int count;

    public void Clear() => count = 0;

    public void Remember(in PulsePoint point)
    {
        if (count > 0 && point.TimeMicroseconds - points[count - 1].TimeMicroseconds < SpacingMicroseconds)
        {
            return;
        }

        if (count == Capacity)
        {
            Span<PulsePoint> all = points;
            all[1..].CopyTo(all);
            count--;
        }

        points[count++] = point;
    }

    /// <summary>The last point at or before a time.</summary>
    public readonly bool TryFindBefore(long latestMicroseconds, out PulsePoint point)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            if (points[i].TimeMicroseconds <= latestMicroseconds)
            {
                point = points[i];
                return true;
            }
        }

        point = default;
        return false;
    }

    [InlineArray(Capacity)]
    private struct Points
    {
        private PulsePoint first;
    }
}

/// <summary>At most 32 currents of a pulse, evenly thinned, for their median.</summary>
internal struct ThinnedCurrents
{
    private const int Capacity = 32;

    private Values values;
    private int count;
    private int stride;
    private int seen;

    public void Clear()
    {
        count = 0;
        seen = 0;
        stride = 1;
    }

    public void Add(double currentA)
    {
        if (seen++ % stride != 0)
        {
            return;
        }

        if (count == Capacity)
        {
            for (int i = 0; i < Capacity / 2; i++)
            {
                values[i] = values[2 * i];
            }

            count = Capacity / 2;
            stride *= 2;
        }

        values[count++] = currentA;
    }

    /// <summary>Median, and the distance between the quartiles.</summary>
    public readonly double Median(out double spread)
    {
        Span<double> sorted = stackalloc double[count];
        for (int i = 0; i < count; i++)
        {
            sorted[i] = values[i];
        }

        sorted.Sort();
        spread = sorted[count * 3 / 4] - sorted[count / 4];
        return sorted[count / 2];
    }

    [InlineArray(Capacity)]
    private struct Values
    {
        private double first;
    }
}
