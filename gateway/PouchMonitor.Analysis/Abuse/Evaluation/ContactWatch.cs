using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// Tells whether a fall of the voltage may have been a lost contact: back within the rule's band at two readings in a row inside 2 s, and
/// no temperature of the cell up by <see cref="LimitTable.ConnectedRiseC"/> within 10 s. A short that lasts keeps the voltage down, and one
/// that burns free leaves its heat, which a contact sensor on a pouch shows within seconds.
/// </summary>
internal sealed class ContactWatch
{
    /// <summary>So soon the voltage is back, s.</summary>
    public const double BackWithinS = 2;

    /// <summary>So long heat is waited for, s.</summary>
    public const double HeatWithinS = 10;

    private readonly double[] beforeC = new double[SampleColumns.Count];
    private long sinceMicroseconds;
    private long lastBackMicroseconds;
    private long? backMicroseconds;
    private double bandV = double.NaN;
    private bool wasBack;
    private bool isWarmer;
    private bool hasTemperature;
    private bool isOpen;

    /// <summary>What it found; null where it is not so, or not known yet.</summary>
    public AbuseLostContact? Found { get; private set; }

    /// <summary>Begins at a trigger by the voltage.</summary>
    /// <param name="atMicroseconds">Moment of the fall, microseconds.</param>
    /// <param name="leastV">At or above this the voltage is back, V.</param>
    public void Begin(long atMicroseconds, double leastV)
    {
        sinceMicroseconds = atMicroseconds;
        bandV = leastV;
        Array.Fill(beforeC, double.NaN);
        isOpen = true;
    }

    /// <summary>Takes a sample; true when it has found a contact that may have been lost.</summary>
    public bool Add(in Sample sample, uint believed, bool isTemperatureLost)
    {
        if (!isOpen)
        {
            return false;
        }

        long age = sample.TimeMicroseconds - sinceMicroseconds;
        FollowVoltage(in sample, age);
        for (uint rest = believed; rest != 0; rest &= rest - 1)
        {
            int column = System.Numerics.BitOperations.TrailingZeroCount(rest);
            beforeC[column] = double.IsNaN(beforeC[column]) ? sample.Values[column] : beforeC[column];
            isWarmer |= sample.Values[column] - beforeC[column] >= LimitTable.ConnectedRiseC;
            hasTemperature = true;
        }

        isWarmer |= isTemperatureLost;
        bool isTooLate = backMicroseconds is null && age > Hold.Microseconds(BackWithinS);
        isOpen = !isWarmer && !isTooLate && age < Hold.Microseconds(HeatWithinS);
        if (isOpen || isWarmer || backMicroseconds is not { } back)
        {
            return false;
        }

        Found = new AbuseLostContact(sinceMicroseconds / 1e6, back / 1e6, hasTemperature);
        return true;
    }

    private void FollowVoltage(in Sample sample, long age)
    {
        if (backMicroseconds is not null || !sample.IsGood(SampleColumns.Voltage))
        {
            return;
        }

        bool isBack = sample.Values[SampleColumns.Voltage] >= bandV && (wasBack || age <= Hold.Microseconds(BackWithinS));
        backMicroseconds = isBack && wasBack ? lastBackMicroseconds : null;
        lastBackMicroseconds = isBack && !wasBack ? sample.TimeMicroseconds : lastBackMicroseconds;
        wasBack = isBack;
    }
}
