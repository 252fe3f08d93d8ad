using PouchMonitor.Analysis.Detection.Limits;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// The heating of one sensor as the trigger judges it: a rise over 1 s at or above the limit that lasts. A blip or the step of a coarse sensor
/// stands in that difference for less than 1 s, so the rate has to hold for 1 s at all readings, or at two in a row of a sensor that is read no
/// more often. Readings may lie below the limit by what the sensor's own noise does to a difference of two, but not their mean; and the
/// rise must be there at the end, and exceed that noise. The moment is that of the first reading.
/// </summary>
internal struct HeatStreak
{
    // A sensor read once a second does so within its jitter.
    private const long SlowMicroseconds = 900_000;

    // Three deviations of a difference of two readings.
    private const double NoiseOfDifference = 3 * 1.4142135623730951;
    private const double NoiseOfRise = 6;
    private const double LeastMeanSoFar = 0.5;
    private const double Rounding = 1e-9;

    private long lastMicroseconds;
    private long stampMicroseconds;
    private long missedMicroseconds;
    private bool hasLast;
    private double beforeC;
    private double lastC;
    private double sumCPerS;
    private int count;

    /// <summary>True while the rate holds.</summary>
    public readonly bool IsOpen => count > 0;

    /// <summary>True while it holds at two readings in a row or more.</summary>
    public readonly bool IsSteady => count > 1;

    /// <summary>Its first reading, microseconds.</summary>
    public long SinceMicroseconds { get; private set; }

    /// <summary>From the sensor's reading before that, microseconds; negative where there was none.</summary>
    public long IntervalMicroseconds { get; private set; }

    /// <summary>Rate at that reading, C/s.</summary>
    public double FirstCPerS { get; private set; }

    /// <summary>Samples were left out since the last reading, since the clock was set back by so much.</summary>
    public void Missed(long microseconds) => missedMicroseconds = Math.Max(missedMicroseconds, microseconds);

    /// <summary>Takes a believed reading; true where the rise is one that triggers.</summary>
    /// <param name="time">Its time, microseconds.</param>
    /// <param name="valueC">The reading, C.</param>
    /// <param name="rateCPerS">Its rise over 1 s; NaN where it is not known.</param>
    /// <param name="limitCPerS">The rule's.</param>
    /// <param name="noiseK">Standard deviation of one reading.</param>
    /// <param name="mayBegin">Whether a rise may begin with this reading.</param>
    public bool Add(long time, double valueC, double rateCPerS, double limitCPerS, double noiseK, bool mayBegin)
    {
        // Readings of the same stamp lie as far from the one before as the stamps do.
        bool isNewStamp = hasLast && time > lastMicroseconds;
        stampMicroseconds = !hasLast ? -1 : isNewStamp || missedMicroseconds > 0 ? time - lastMicroseconds + missedMicroseconds : stampMicroseconds;
        (lastMicroseconds, hasLast, missedMicroseconds, lastC) = (time, true, 0, valueC);
        if (count > 0 && !(rateCPerS >= limitCPerS - (NoiseOfDifference * noiseK) - Rounding))
        {
            count = 0;
        }

        if (count == 0)
        {
            if (mayBegin && rateCPerS >= limitCPerS)
            {
                (SinceMicroseconds, IntervalMicroseconds, FirstCPerS) = (time, stampMicroseconds, rateCPerS);
                (beforeC, sumCPerS, count) = (valueC - (rateCPerS * LimitTable.RateSpanMicroseconds / 1e6), rateCPerS, 1);
            }

            return false;
        }

        sumCPerS += rateCPerS;
        count++;
        bool hasLasted = time - SinceMicroseconds >= LimitTable.RateSpanMicroseconds || (isNewStamp && stampMicroseconds >= SlowMicroseconds);
        double mean = sumCPerS / count;
        if (mean < (hasLasted ? limitCPerS - Rounding : LeastMeanSoFar * limitCPerS))
        {
            count = 0;
            return false;
        }

        return hasLasted && HasRisen(limitCPerS, noiseK);
    }

    /// <summary>The sensor was lost after the last reading; true where it was lost while it rose, which heat does to one.</summary>
    public bool AddLoss(double limitCPerS, double noiseK)
    {
        bool rose = count > 1 && HasRisen(limitCPerS, noiseK);
        count = 0;
        return rose;
    }

    private readonly bool HasRisen(double limitCPerS, double noiseK) =>
        lastC - beforeC >= Math.Max(limitCPerS * LimitTable.RateSpanMicroseconds / 1e6, NoiseOfRise * noiseK) - Rounding;
}
