using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.State;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Measures;

/// <summary>
/// Resistance at each step into a current: R(t) = (V(t) - V_before) / (I(t) - I_before). V_before is the last sample at
/// least 0.5 s before the edge, since the last record without current often carries the jump already. R0 is taken at the
/// first sample whose current is within 1 % of the median of the pulse. R(t) is null where the edge itself is known no
/// better than half of t, and R0 where it is known no better than 0.5 s (PyProBE; ISO 12405 pulse of 18 s).
/// </summary>
internal sealed class PulseMeter
{
    private const long BeforeEdgeMicroseconds = 500_000;
    private const int EarlyCapacity = 16;
    private const double SettledShare = 0.01;
    private const double LeastStepShare = 0.05;
    private const double LargestSpreadShare = 0.1;
    private const int LeastSamples = 2;
    private const int Times = 4;

    private Memory state;

    /// <summary>Takes the next interval; gives a pulse when one is finished.</summary>
    public bool Take(in Interval interval, double largestCurrentA, out PulseResistance? pulse)
    {
        pulse = null;
        bool turns = interval.Kind != interval.PreviousKind;
        if (state.Running && (interval.OpensStep || interval.GapSeconds > 0))
        {
            pulse = Finish();
        }

        if (!state.Running && turns && interval.Kind != 0)
        {
            Begin(interval, largestCurrentA);
        }
        else if (state.Running)
        {
            Follow(interval);
            if (state.NextTime == Times)
            {
                pulse = Finish();
            }
        }

        if (interval.OpensStep)
        {
            state.History.Clear();
        }

        state.History.Remember(PointOf(interval));
        return pulse is not null;
    }

    /// <summary>True when samples that go on with the running step are only remembered.</summary>
    public bool OnlyRemembers => !state.Running;

    /// <summary>Takes a run where <see cref="OnlyRemembers"/>.</summary>
    public void Take(SampleRun run)
    {
        int at = 1;
        if (!run.AnyOpens && state.History.IsFilledByLast(run))
        {
            at = run.Count - PulseHistory.Capacity + 1;
            state.History.Clear();
        }

        for (; at <= run.Count; at++)
        {
            if (run.AnyOpens && run.Opens[at])
            {
                state.History.Clear();
            }

            state.History.Remember(new PulsePoint
            {
                TimeMicroseconds = run.Times[at], VoltageV = run.VoltageV[at], CurrentA = run.CurrentA[at],
            });
        }
    }

    /// <summary>The test has ended: gives the pulse that is still running.</summary>
    public PulseResistance? Complete() => state.Running ? Finish() : null;

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    private static PulsePoint PointOf(in Interval interval) => new()
    {
        TimeMicroseconds = interval.TimeMicroseconds, VoltageV = interval.VoltageV, CurrentA = interval.CurrentA,
    };

    private static double SecondsOf(int time) => time switch { 0 => 1, 1 => 10, 2 => 18, _ => 30 };

    private void Begin(in Interval interval, double largestCurrentA)
    {
        state.SampleCount = 0;
        state.Currents.Clear();
        state.NextTime = 0;
        for (int i = 0; i < Times; i++)
        {
            state.Resistances[i] = double.NaN;
        }

        if (!state.History.TryFindBefore(interval.TimeMicroseconds - BeforeEdgeMicroseconds, out PulsePoint before)
            || Math.Abs(interval.CurrentA - before.CurrentA) < LeastStepShare * largestCurrentA || interval.GapSeconds > 0)
        {
            return;
        }

        state.Running = true;
        state.Before = before;
        state.EdgeMicroseconds = interval.TimeMicroseconds;
        state.EdgeUncertainSeconds = interval.Seconds;
        Follow(interval);
    }

    private void Follow(in Interval interval)
    {
        PulsePoint point = PointOf(interval);
        if (state.SampleCount < EarlyCapacity)
        {
            state.Early[state.SampleCount] = point;
        }

        state.Currents.Add(interval.CurrentA);
        while (state.NextTime < Times)
        {
            double wanted = SecondsOf(state.NextTime);
            double elapsed = (point.TimeMicroseconds - state.EdgeMicroseconds) / 1e6;
            if (elapsed < wanted)
            {
                break;
            }

            double spacing = (point.TimeMicroseconds - state.Last.TimeMicroseconds) / 1e6;
            if (state.EdgeUncertainSeconds <= 0.5 * wanted && state.SampleCount > 0 && spacing <= Math.Max(1.5, 0.5 * wanted))
            {
                double share = spacing > 0 ? 1 - ((elapsed - wanted) / spacing) : 1;
                double voltage = state.Last.VoltageV + (share * (point.VoltageV - state.Last.VoltageV));
                double current = state.Last.CurrentA + (share * (point.CurrentA - state.Last.CurrentA));
                state.Resistances[state.NextTime] = (voltage - state.Before.VoltageV) / (current - state.Before.CurrentA);
            }

            state.NextTime++;
        }

        state.Last = point;
        state.SampleCount++;
    }

    private PulseResistance? Finish()
    {
        state.Running = false;
        if (state.SampleCount < LeastSamples)
        {
            return null;
        }

        double median = state.Currents.Median(out double spread);
        var pulse = new PulseResistance
        {
            TimeMicroseconds = state.EdgeMicroseconds,
            CurrentA = median,
            StepA = median - state.Before.CurrentA,
            VoltageBeforeV = state.Before.VoltageV,
            R0Ohm = Known(InitialOhm(median)),
            R1sOhm = Known(state.Resistances[0]),
            R10sOhm = Known(state.Resistances[1]),
            R18sOhm = Known(state.Resistances[2]),
            R30sOhm = Known(state.Resistances[3]),
        };
        bool anything = pulse.R0Ohm is not null || pulse.R1sOhm is not null || pulse.R10sOhm is not null
            || pulse.R18sOhm is not null || pulse.R30sOhm is not null;
        return anything && spread <= LargestSpreadShare * Math.Abs(median) ? pulse : null;
    }

    private double InitialOhm(double medianA)
    {
        int count = Math.Min(state.SampleCount, EarlyCapacity);
        for (int i = 0; i < count; i++)
        {
            ref readonly PulsePoint point = ref state.Early[i];
            if (Math.Abs(point.CurrentA - medianA) > SettledShare * Math.Abs(medianA))
            {
                continue;
            }

            double late = (point.TimeMicroseconds - state.EdgeMicroseconds) / 1e6;
            return late + state.EdgeUncertainSeconds <= BeforeEdgeMicroseconds / 1e6
                ? (point.VoltageV - state.Before.VoltageV) / (point.CurrentA - state.Before.CurrentA)
                : double.NaN;
        }

        return double.NaN;
    }

    /// <summary>A resistance that is not positive is no resistance: the step was not what moved the voltage.</summary>
    private static double? Known(double ohm) => ohm > 0 && double.IsFinite(ohm) ? ohm : null;

    [InlineArray(EarlyCapacity)]
    private struct Early
    {
        private PulsePoint first;
    }

    [InlineArray(Times)]
    private struct Resistances
    {
        private double first;
    }

    private struct Memory
    {
        public PulseHistory History;
        public Early Early;
        public ThinnedCurrents Currents;
        public Resistances Resistances;
        public PulsePoint Before;
        public PulsePoint Last;
        public long EdgeMicroseconds;
        public double EdgeUncertainSeconds;
        public int SampleCount;
        public int NextTime;
        public bool Running;
    }
}
