namespace PouchMonitor.Formats.Counters;

/// <summary>
/// Follows one of the instrument's charge counters, whatever its way: running on over the whole test, from zero in each
/// cycle, half cycle or step, or net (falling in discharge). Of the increments that a reading may mean the one is taken that
/// lies nearest to the charge that flowed since the reading before; so a step that restarts the counter is told from one that
/// does not. The flow only chooses; the increment itself is the counter's.
/// </summary>
/// <param name="direction">1 for a counter of charge, -1 of discharge, 0 for one that does not say.</param>
/// <param name="isNet">True where the counter falls in discharge.</param>
internal sealed class CounterReading(int direction, bool isNet)
{
    private double last = double.NaN;
    private double chargedAh;
    private double dischargedAh;

    /// <summary>True once it has been read.</summary>
    public bool IsKnown => !double.IsNaN(last);

    /// <summary>Charge that flowed since the last reading, by rectangles; magnitudes by direction.</summary>
    public void Flow(double ampereHours)
    {
        chargedAh += Math.Max(ampereHours, 0);
        dischargedAh += Math.Max(-ampereHours, 0);
    }

    /// <summary>Takes a reading; gives what it adds, by direction.</summary>
    /// <param name="valueAh">What the counter says.</param>
    /// <param name="mayRestart">True where a step or cycle begins, so that a counter may have begun anew without falling.</param>
    /// <param name="mayFall">True where a counter of charge may be net though its name does not say so: there is none of discharge beside it.</param>
    public (double ChargeAh, double DischargeAh) Take(double valueAh, bool mayRestart, bool mayFall)
    {
        (double charged, double discharged) = (chargedAh, dischargedAh);
        (chargedAh, dischargedAh) = (0, 0);
        double before = last;
        last = valueAh;
        if (double.IsNaN(before))
        {
            return default;
        }

        double delta = valueAh - before;
        if (isNet)
        {
            return delta >= 0 ? (delta, 0) : (0, -delta);
        }

        int towards = direction != 0 ? direction : charged >= discharged ? 1 : -1;
        double grows = Math.Abs(valueAh) - Math.Abs(before);
        (double ChargeAh, double DischargeAh) best = default;
        double leastError = double.PositiveInfinity;
        if (grows >= 0)
        {
            Consider(Directed(towards, grows));
        }

        if (grows < 0 || mayRestart)
        {
            Consider(Directed(towards, Math.Abs(valueAh)));
        }

        if (delta < 0 && mayFall)
        {
            Consider(Directed(-1, -delta));
        }

        return best;

        void Consider((double ChargeAh, double DischargeAh) added)
        {
            double error = Math.Abs(added.ChargeAh - charged) + Math.Abs(added.DischargeAh - discharged);
            if (error < leastError)
            {
                (leastError, best) = (error, added);
            }
        }
    }

    private static (double ChargeAh, double DischargeAh) Directed(int towards, double ampereHours) =>
        towards > 0 ? (ampereHours, 0) : (0, ampereHours);
}
