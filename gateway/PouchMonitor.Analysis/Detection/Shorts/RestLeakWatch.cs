using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.State;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>
/// Holds the late slope of each rest against the same rest of earlier cycles (<see cref="ShortTable.Leak"/>). The windows are
/// 5 to 10 min after the current ended, 10 to 20 and so on up to 21 h, so that like is compared with like however long a rest is
/// and a long rest is judged while it lasts. What a cell does in its first minutes differs from cycle to cycle without a leak, so
/// that windows of less than twenty minutes must show twice the usual fall.
/// </summary>
internal sealed class RestLeakWatch(ShortEvidence evidence)
{
    private const double FirstWindowSeconds = 300;
    private const double CoulombsPerAh = 3600;
    private const double SecondsPerHour = 3600;

    /// <summary>Below this share of the largest current a record that passes for one may be flicker of a rest.</summary>
    private const double RestShare = 0.015;
    private const double SlopeShare = 0.25;
    private const double EarlySlopeShare = 1;
    private const double EarlyWindowSeconds = 1200;
    private const double SettledWindowSeconds = 2400;
    private const double ErrorMargin = 4;
    private const double ScatterMargin = 5;

    private readonly ShortRow row = evidence.Row(ShortKind.Leak);
    private Memory state;

    /// <summary>Takes the next sample of any kind.</summary>
    /// <param name="interval">The interval it ends.</param>
    /// <param name="largestA">Largest current of the test, A.</param>
    /// <param name="stepV">Step of the voltage converter, V, or no more than it.</param>
    /// <param name="cycle">Running cycle.</param>
    public void Take(in Interval interval, double largestA, double stepV, int cycle)
    {
        bool rests = interval.Kind == 0 || Math.Abs(interval.CurrentA) <= RestShare * largestA;
        if (!rests)
        {
            state.Rests = false;
            state.HasRested = false;
            state.Before = interval;
            return;
        }

        if (!state.HasRested)
        {
            state.HasRested = true;
            state.Rests = state.Before.Kind != 0 && interval.GapSeconds == 0;
            state.Window = default;
            state.Octave = -1;
        }

        if (!state.Rests)
        {
            return;
        }

        // What passed in a gap, or before a clock was set back, is not known.
        double restS = (interval.TimeMicroseconds - state.Before.TimeMicroseconds) / 1e6;
        if (interval.IdleGap || interval.GapSeconds > 0 || restS < 0)
        {
            state.Rests = false;
            return;
        }

        double endS = state.Octave < 0 ? FirstWindowSeconds : FirstWindowSeconds * (2L << state.Octave);
        if (restS >= endS)
        {
            if (state.Octave >= 0)
            {
                Judge(interval, endS / 2, stepV, cycle);
            }

            state.Octave++;
            state.Window = default;
            state.Rests = state.Octave < RestHistory.Octaves;
        }

        if (state.Octave >= 0)
        {
            state.Window.Add(restS, interval.VoltageV, interval.TemperatureC, isFlicker: interval.Kind != 0);
        }
    }

    /// <summary>A cycle has closed: its capacity over its span of voltage is the mean differential capacity.</summary>
    public void CloseCycle(in CycleMeasures measures)
    {
        if (measures.Quality == CycleQuality.Complete && measures.MainVoltageSpanV > 0 && measures.MainCapacityAh > 0)
        {
            state.CapacityAh = measures.MainCapacityAh;
            state.SpanV = measures.MainVoltageSpanV;
        }
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    public void Reset() => state = default;

    private void Judge(in Interval interval, double windowSeconds, double stepV, int cycle)
    {
        if (!state.Window.TryFit(out double slope, out double error))
        {
            return;
        }

        ref RestHistory history = ref state.Before.Kind > 0 ? ref state.AfterCharge : ref state.AfterDischarge;
        double driftK = state.Window.LastC - state.Window.FirstC;
        if (!history.IsLike(state.Octave, state.Before, driftK, out double unlikeShare))
        {
            return;
        }

        if (!history.TryBaseline(state.Octave, out double usual, out double scatter) || !(state.SpanV > 0))
        {
            history.Append(state.Octave, slope, driftK);
            return;
        }

        // A quarter of the relaxation may change with temperature and age, and in proportion to the current before it.
        double resolved = Math.Max(ErrorMargin * error, stepV / windowSeconds);
        double limit = Math.Max(
            Math.Max(row.Raise * state.SpanV / SecondsPerHour, ScatterMargin * scatter),
            Math.Max(((windowSeconds < EarlyWindowSeconds ? EarlySlopeShare : SlopeShare) + unlikeShare) * Math.Abs(usual), resolved));
        double excess = usual - slope;

        // A rest that goes on rising has not settled: that one falls says little in its first forty minutes.
        bool settles = usual <= 0 || windowSeconds >= SettledWindowSeconds;
        bool leaks = excess >= limit && slope < 0 && settles;
        if (!leaks)
        {
            history.Append(state.Octave, slope, driftK);
        }

        state.Leaking = leaks ? state.Leaking + 1 : excess < row.Clear * limit ? 0 : state.Leaking;
        state.Tight = excess < row.Clear * limit ? state.Tight + 1 : 0;
        if (state.Leaking >= row.Hold && leaks)
        {
            evidence.Raise(
                ShortKind.Leak,
                new ShortFacts
                {
                    OnsetMicroseconds = interval.TimeMicroseconds,
                    WindowSeconds = windowSeconds,
                    Observed = excess * SecondsPerHour,
                    Limit = limit * SecondsPerHour,
                    Baseline = -usual * SecondsPerHour,
                    IsBound = state.Before.Kind < 0,
                    Absolute = 1000 * excess * state.CapacityAh * CoulombsPerAh / state.SpanV,
                    Count = history.CountOf(state.Octave),
                },
                cycle);
        }
        else if (state.Tight >= row.ClearHold)
        {
            evidence.Clear(ShortKind.Leak, interval.TimeMicroseconds);
        }
    }

    private struct Memory
    {
        public RestHistory AfterCharge;
        public RestHistory AfterDischarge;
        public RestWindow Window;
        public Interval Before;
        public double CapacityAh;
        public double SpanV;
        public int Octave;
        public int Leaking;
        public int Tight;
        public bool HasRested;
        public bool Rests;
    }
}
