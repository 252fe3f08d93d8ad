using System.Runtime.Intrinsics;
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

    /// <summary>Learns from intervals of which none is a gap whatever was seen before: none is 0 or longer than 60 s.</summary>
    public void LearnRun(ReadOnlySpan<double> intervalSeconds)
    {
        double interval = state.IntervalSeconds;
        int at = 0;
        if (interval <= 0 && intervalSeconds.Length > 0)
        {
            interval = Math.Min(intervalSeconds[at++], GreatestGapSeconds);
        }

        for (; at < intervalSeconds.Length; at++)
        {
            // Both ways are worked out and one is chosen: where the intervals jitter, no branch could be foretold.
            Vector128<double> now = Vector128.CreateScalarUnsafe(intervalSeconds[at]);
            Vector128<double> kept = Vector128.CreateScalarUnsafe(interval);
            Vector128<double> longer = Vector128.MinNative(
                now, Vector128.MinNative(kept + kept, Vector128.CreateScalarUnsafe(GreatestGapSeconds)));
            Vector128<double> shorter = kept + (Vector128.CreateScalarUnsafe(ShrinkShare) * (now - kept));
            interval = Vector128.ConditionalSelect(Vector128.GreaterThan(now, kept), longer, shorter).ToScalar();
        }

        state.IntervalSeconds = interval;
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
