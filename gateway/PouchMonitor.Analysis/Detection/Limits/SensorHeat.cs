using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// How fast one temperature sensor rises: T(t) - T(t - 1 s) over 1 s, by time. T(t - 1 s) is interpolated between the two
/// readings around it, since real logs jitter; where they lie more than 2.5 s apart there is no rate. With the condition
/// "at or above 1 C/s without a break for more than 3 s, counted between readings", this meets GB 38031's criterion on the
/// two recorded indentation tests at 126.4 s and 135.4 s, the published times; "3 s or more" would be one reading early.
/// </summary>
internal sealed class SensorHeat
{
    /// <summary>More than what rounding adds to an interpolated reading, C.</summary>
    private const double Rounding = 1e-6;

    /// <summary>Below the share of a limit at which its alarm clears.</summary>
    private const double SlowShare = 0.5;

    private readonly RecentReadings readings = new();
    private Memory state;

    /// <summary>Rate at the last reading, C/s; NaN where it is not defined, minus infinity where it is far below every limit.</summary>
    public double RateCPerS { get; private set; } = double.NaN;

    /// <summary>True when GB 38031's rate has held for long enough.</summary>
    public bool IsRunawayRate { get; private set; }

    /// <summary>True when the profile's rate has held for long enough.</summary>
    public bool IsHeating { get; private set; }

    /// <summary>True when two readings in a row rose by 1 C/s or more.</summary>
    public bool IsAnomalous { get; private set; }

    /// <summary>Takes a believed reading, degrees Celsius, and the profile's rate (infinite where not known), C/s.</summary>
    public void Add(long timeMicroseconds, double temperatureC, double limitCPerS)
    {
        readings.Add(timeMicroseconds, temperatureC);
        if (IsSlow(timeMicroseconds, temperatureC, limitCPerS))
        {
            // Nearly every reading: the rate itself need not be known.
            BeSlow();
            return;
        }

        RateCPerS = readings.Rate(timeMicroseconds, temperatureC, LimitTable.LongestRateIntervalMicroseconds);
        bool fast = RateCPerS >= LimitTable.RunawayRate.Raise;
        IsRunawayRate = state.Runaway.ForMoreThan(fast, timeMicroseconds, LimitTable.RunawayRate);
        IsHeating = state.Heating.ForMoreThan(RateCPerS >= limitCPerS, timeMicroseconds, LimitTable.HeatingRate);
        IsAnomalous = fast && state.Runaway.Samples > 1;
    }

    /// <summary>Narrows a band to readings between which no rate comes near a limit.</summary>
    public void Narrow(int column, double limitCPerS, ref QuietBand band)
    {
        double slow = SlowShare * Math.Min(limitCPerS, LimitTable.RunawayRate.Raise) * (LimitTable.RateSpanMicroseconds / 1e6);
        band.KeepWithin(column, slow - QuietBand.Margin);
        readings.Count(column, ref band);
    }

    /// <summary>Takes the readings of samples within such a band.</summary>
    public void Take(ReadOnlySpan<Sample> samples, int column)
    {
        readings.AddRun(samples, column, withCurrent: false);
        BeSlow();
    }

    public void RestartHolds()
    {
        readings.Clear();
        state = default;
        RateCPerS = double.NaN;
        IsRunawayRate = false;
        IsHeating = false;
        IsAnomalous = false;
    }

    public void Save(BinaryWriter writer)
    {
        readings.Save(writer);
        RawState.Write(writer, in state);
    }

    public void Load(BinaryReader reader)
    {
        RestartHolds();
        readings.Load(reader);
        RawState.Read(reader, ref state);
    }

    private void BeSlow()
    {
        RateCPerS = double.NegativeInfinity;
        state.Runaway.Samples = 0;
        state.Heating.Samples = 0;
        IsRunawayRate = false;
        IsHeating = false;
        IsAnomalous = false;
    }

    /// <summary>True when the rate is defined and surely below half of each limit, whatever is interpolated.</summary>
    private bool IsSlow(long timeMicroseconds, double temperatureC, double limitCPerS)
    {
        if (!readings.HasOld(timeMicroseconds))
        {
            return false;
        }

        ref readonly RecentReadings.Reading old = ref readings.Old;
        ref readonly RecentReadings.Reading next = ref readings.AfterOld;
        double rise = temperatureC - (old.Value < next.Value ? old.Value : next.Value);
        double slow = SlowShare * (limitCPerS < LimitTable.RunawayRate.Raise ? limitCPerS : LimitTable.RunawayRate.Raise);
        return rise < slow - Rounding && next.TimeMicroseconds - old.TimeMicroseconds <= LimitTable.LongestRateIntervalMicroseconds;
    }

    private struct Memory
    {
        public Hold Runaway;
        public Hold Heating;
    }
}
