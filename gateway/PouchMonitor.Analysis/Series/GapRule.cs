using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Series;

/// <summary>
/// Says how long an interval between two samples may be before it counts as a gap, which is never interpolated: ten
/// sampling intervals, at least 60 s and at most 600 s. The sampling interval is followed: it at most doubles with one
/// longer interval, so that an outage does not widen the rule, and shrinks by 0.5 % of the difference with a shorter one,
/// so that a burst of fast records does not make the ordinary interval of a slow logger a gap.
/// </summary>
internal sealed class GapRule
{
    private const double IntervalsPerGap = 10;
    private const double LeastGapSeconds = 60;
    private const double GreatestGapSeconds = 600;
    private const double ShrinkShare = 0.005;

    private Memory state;

    /// <summary>Longest interval that is still interpolated, seconds.</summary>
    public double LimitSeconds => state.IntervalSeconds > 0
        ? Math.Clamp(state.IntervalSeconds * IntervalsPerGap, LeastGapSeconds, GreatestGapSeconds)
        : GreatestGapSeconds;

    /// <summary>Judges an interval by what was seen before it, then learns from it.</summary>
    public bool IsGap(double intervalSeconds)
    {
        bool gap = intervalSeconds > LimitSeconds;
        Learn(intervalSeconds);
        return gap;
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    private void Learn(double intervalSeconds)
    {
        if (intervalSeconds <= 0)
        {
            return;
        }

        if (state.IntervalSeconds <= 0)
        {
            state.IntervalSeconds = Math.Min(intervalSeconds, GreatestGapSeconds);
        }
        else if (intervalSeconds > state.IntervalSeconds)
        {
            state.IntervalSeconds = Math.Min(intervalSeconds, Math.Min(2 * state.IntervalSeconds, GreatestGapSeconds));
        }
        else
        {
            state.IntervalSeconds += ShrinkShare * (intervalSeconds - state.IntervalSeconds);
        }
    }

    private struct Memory
    {
        public double IntervalSeconds;
    }
}
