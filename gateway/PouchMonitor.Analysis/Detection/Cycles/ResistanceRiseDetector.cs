using System.Globalization;
using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// Holds the resistance of each current step against that of the first steps like it: the same change of current within
/// 10 %, from the same voltage within 30 mV (the same state of charge), at a temperature within 5 K, read after the same
/// time. A few such groups are kept; the one longest without a step makes room. Where ageing moves the voltage before the
/// step out of its band, a new group begins with the aged resistance as its baseline: the rule may miss, not invent.
/// </summary>
internal sealed class ResistanceRiseDetector(CellProfile profile, IFindingSink findings)
{
    private const int MostGroups = 8;
    private const int BaselinePulses = 3;
    private const double SameStepShare = 0.1;
    private const double SameVoltageV = 0.030;
    private const double SameTemperatureK = 5;

    /// <summary>Least rise that counts, ohm: below it a converter's step and a clip's contact are larger.</summary>
    private const double LeastRiseOhm = 0.0005;

    private readonly CycleRule raised = CycleRule.ResistanceRise.For(profile);
    private readonly CycleRule doubled = CycleRule.ResistanceDoubled.For(profile);
    private Memory state;

    /// <param name="pulse">The step.</param>
    /// <param name="temperatureC">Of the cell; NaN where not known.</param>
    /// <param name="runningCycle">Cycle in which it lies; null before the first.</param>
    public void Take(PulseResistance pulse, double temperatureC, int? runningCycle)
    {
        if (!TryRead(pulse, out int seconds, out double ohm) || (runningCycle ?? 1) < profile.ReferenceCycle)
        {
            return;
        }

        state.Clock++;
        ref Group group = ref Find(pulse, seconds, temperatureC);
        if (Unsafe.IsNullRef(ref group))
        {
            return; // Every kind of step kept has risen already; there is nothing more to tell.
        }

        group.UsedAt = state.Clock;
        if (group.Count < BaselinePulses)
        {
            group.Baseline[group.Count++] = ohm;
            return;
        }

        double baselineOhm = MedianOf(group.Baseline);
        double rise = (ohm / baselineOhm) - 1;
        bool isLarge = ohm - baselineOhm >= LeastRiseOhm;
        int cycle = runningCycle ?? 0;
        Judge(ref group, ref group.Warning, doubled);
        if (!group.Warning.IsRaised)
        {
            Judge(ref group, ref group.Advisory, raised);
        }
        else if (group.Advisory.IsRaised)
        {
            // The graver one takes its place.
            Report(group, group.Advisory, raised, pulse.TimeMicroseconds);
            group.Advisory = default;
        }

        void Judge(ref Group group, ref CycleHold hold, CycleRule rule)
        {
            HoldChange change = hold.Take(
                isLarge && rise >= rule.RaiseLevel, rise < rule.ClearLevel, rule.HoldCycles, pulse.TimeMicroseconds, cycle);
            if (change == HoldChange.Raised)
            {
                group.ObservedOhm = ohm;
                group.BaselineOhm = baselineOhm;
                Report(group, hold, rule, null);
            }
            else if (change == HoldChange.Cleared)
            {
                Report(group, hold, rule, pulse.TimeMicroseconds);
            }
        }
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    // Ten seconds hold the slow part and are the usual figure; coarser logs give thirty, short pulses one.
    private static bool TryRead(PulseResistance pulse, out int seconds, out double ohm)
    {
        (seconds, ohm) = pulse switch
        {
            { R10sOhm: { } ten } => (10, ten),
            { R30sOhm: { } thirty } => (30, thirty),
            { R18sOhm: { } eighteen } => (18, eighteen),
            { R1sOhm: { } one } => (1, one),
            _ => (0, double.NaN),
        };
        return seconds > 0;
    }

    private ref Group Find(PulseResistance pulse, int seconds, double temperatureC)
    {
        int oldest = -1;
        for (int i = 0; i < state.GroupCount; i++)
        {
            ref Group group = ref state.Groups[i];
            if (group.Seconds == seconds
                && Math.Abs(pulse.StepA - group.StepA) <= SameStepShare * Math.Abs(group.StepA)
                && Math.Abs(pulse.VoltageBeforeV - group.VoltageV) <= SameVoltageV
                && !(Math.Abs(temperatureC - group.TemperatureC) > SameTemperatureK))
            {
                return ref group;
            }

            // A group that has raised something is kept: making room must not end an alarm.
            bool mayGo = !group.Warning.IsRaised && !group.Advisory.IsRaised;
            oldest = mayGo && (oldest < 0 || group.UsedAt < state.Groups[oldest].UsedAt) ? i : oldest;
        }

        int at = state.GroupCount < MostGroups ? state.GroupCount++ : oldest;
        if (at < 0)
        {
            return ref Unsafe.NullRef<Group>();
        }

        state.Groups[at] = new Group
        {
            Seconds = seconds, StepA = pulse.StepA, VoltageV = pulse.VoltageBeforeV, TemperatureC = temperatureC,
        };
        return ref state.Groups[at];
    }

    private static double MedianOf(Baseline baseline)
    {
        Span<double> values = [baseline[0], baseline[1], baseline[2]];
        return TheilSen.Median(values);
    }

    private void Report(in Group group, in CycleHold hold, CycleRule rule, long? clearedMicroseconds) => findings.OnFinding(new Finding
    {
        Rule = rule.Name,
        OnsetMicroseconds = hold.OnsetMicroseconds,
        Severity = rule.Severity,
        Cycle = hold.OnsetCycle > 0 ? hold.OnsetCycle : null,
        Measure = rule.Measure,
        Observed = group.ObservedOhm,
        Limit = group.BaselineOhm * (1 + rule.RaiseLevel),
        Unit = rule.Unit,
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"Resistance {group.Seconds} s after a step of {group.StepA:0.###} A is {1000 * group.ObservedOhm:0.##} mOhm, {group.ObservedOhm / group.BaselineOhm:0.00} times the {1000 * group.BaselineOhm:0.##} mOhm of the first steps like it."),
        ClearedMicroseconds = clearedMicroseconds,
    });

    [InlineArray(BaselinePulses)]
    private struct Baseline
    {
        private double first;
    }

    private struct Group
    {
        public Baseline Baseline;
        public CycleHold Advisory;
        public CycleHold Warning;
        public double StepA;
        public double VoltageV;
        public double TemperatureC;
        public double ObservedOhm;
        public double BaselineOhm;
        public long UsedAt;
        public int Seconds;
        public int Count;
    }

    [InlineArray(MostGroups)]
    private struct Groups
    {
        private Group first;
    }

    private struct Memory
    {
        public Groups Groups;
        public long Clock;
        public int GroupCount;
    }
}
