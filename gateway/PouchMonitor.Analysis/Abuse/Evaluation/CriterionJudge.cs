using PouchMonitor.Analysis.Detection.Limits;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// One criterion of a plan on one quantity: met when it has held for the hold and at two readings in a row, at that moment (with no hold,
/// at the first of the two). Being met latches. Beyond four fifths of the way from where it began to its limit it is near.
/// </summary>
internal sealed class CriterionJudge(CriterionRule rule)
{
    private const double NearShare = 0.8;

    // Decimals are not exact in binary: a quarter of 4.2 V lost must count as a quarter.
    private const double Rounding = 1e-9;

    private readonly long holdMicroseconds = Hold.Microseconds(rule.HoldS);
    private double beginning = double.NaN;
    private long sinceMicroseconds;
    private bool holds;

    public CriterionRule Rule => rule;

    /// <summary>Furthest value so far; NaN before any.</summary>
    public double Observed { get; private set; } = double.NaN;

    public long? MetMicroseconds { get; private set; }

    /// <summary>When it first was near or held, microseconds.</summary>
    public long? NearMicroseconds { get; private set; }

    /// <summary>Value from which on it is near; NaN before a value.</summary>
    public double NearFrom => beginning + (NearShare * ((rule.Limit ?? double.NaN) - beginning));

    public bool IsMet => MetMicroseconds is not null;

    public bool IsNear => NearMicroseconds is not null;

    /// <summary>Takes a value; true when the state changed by it.</summary>
    /// <param name="timeMicroseconds">Its time.</param>
    /// <param name="value">In the unit of the criterion; NaN says nothing.</param>
    public bool Add(long timeMicroseconds, double value)
    {
        if (double.IsNaN(value))
        {
            return false;
        }

        double limit = rule.Limit ?? double.NaN;
        beginning = double.IsNaN(beginning) ? BeginningOf(value) : beginning;
        bool further = double.IsNaN(Observed) || (rule.IsBelow ? value < Observed : value > Observed);
        Observed = further ? value : Observed;
        bool nowHolds = rule.IsBelow ? value <= limit + Rounding : value >= limit - Rounding;
        bool changed = false;
        if (nowHolds && !holds)
        {
            sinceMicroseconds = timeMicroseconds;
        }
        else if (nowHolds && !IsMet && timeMicroseconds - sinceMicroseconds >= holdMicroseconds)
        {
            MetMicroseconds = holdMicroseconds == 0 ? sinceMicroseconds : timeMicroseconds;
            changed = true;
        }

        holds = nowHolds;
        if (!IsNear && (nowHolds || IsFarOnTheWay(value, limit)))
        {
            NearMicroseconds = timeMicroseconds;
            changed = true;
        }

        return changed;
    }

    /// <summary>Forgets all; the moment from which it counts has changed.</summary>
    public void Clear()
    {
        beginning = double.NaN;
        Observed = double.NaN;
        MetMicroseconds = null;
        NearMicroseconds = null;
        holds = false;
    }

    /// <summary>Takes what another rule has judged.</summary>
    public bool Take(long timeMicroseconds, bool isMet)
    {
        if (IsMet || (IsNear && !isMet))
        {
            return false;
        }

        NearMicroseconds ??= timeMicroseconds;
        MetMicroseconds = isMet ? timeMicroseconds : null;
        return true;
    }

    /// <summary>Keeps a value that is judged elsewhere.</summary>
    public void Observe(double value) => Observed = value > Observed || double.IsNaN(Observed) ? value : Observed;

    // Rates, drops and spreads begin at nothing, levels where the cell was.
    private double BeginningOf(double value) =>
        rule.Measure is CriterionMeasure.Temperature or CriterionMeasure.Voltage or CriterionMeasure.RetainedVoltage ? value : 0;

    private bool IsFarOnTheWay(double value, double limit)
    {
        double way = limit - beginning;
        return way != 0 && Math.Sign(way) == (rule.IsBelow ? -1 : 1) && (value - beginning) / way >= NearShare;
    }
}
