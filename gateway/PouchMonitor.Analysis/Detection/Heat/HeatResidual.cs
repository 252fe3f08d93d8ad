using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.State;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection.Heat;

/// <summary>
/// <c>heat-residual</c> as <see cref="HeatTable"/> states it: the heat balance of the cell, stretch by stretch, against the
/// same stretch of its own earlier cycles. One pass, bounded memory. Where neither mass nor capacity are stated, the first whole
/// cycle tells the capacity. Silent without an ambient temperature, for symmetric cells, and before there are cycles enough.
/// </summary>
internal sealed class HeatResidual
{
    private const int HalfBins = 12;
    private const int RestBins = 4;
    private const int AfterDischarge = (2 * HalfBins) + RestBins;
    private const int Bins = (2 * HalfBins) + (2 * RestBins);
    private const double BlockSeconds = 60;
    private const double RestBinSeconds = 1200;
    private const double LeastBinSeconds = 300;
    private const double LongestIntervalSeconds = 120;
    private const double RestShare = 0.015;
    private const double ChamberMemorySeconds = 1800;
    private const double ChamberStepK = 1;
    private const double ChamberQuietSeconds = 3600;

    /// <summary>Cycles in which the cooling is learned: later a lasting heat would pass for a slower cooling.</summary>
    private const int LearnCycles = 5;
    private const double LearnBelow = 3;
    private const double CoulombsPerAh = 3600;

    private readonly IFindingSink findings;
    private readonly TemperatureAgreement agreement;
    private readonly double statedJPerK;
    private readonly bool judges;
    private readonly HeatRow row;
    private Memory state;

    public HeatResidual(CellProfile profile, IFindingSink findings)
    {
        this.findings = findings;
        agreement = new TemperatureAgreement(findings);
        statedJPerK = profile.MassG * HeatTable.HeatCapacityJPerGK ?? profile.NominalCapacityAh * HeatTable.HeatCapacityJPerAhK ?? 0;
        row = HeatTable.Residual.For(profile);
        judges = profile.Kind != CellKind.Symmetric;
    }

    /// <summary>Takes the next sample and the interval it ends.</summary>
    public void Take(in Sample sample, in Interval interval, double largestA, CycleAssembler cycles)
    {
        agreement.Take(sample);
        if (!judges)
        {
            return;
        }

        int column = state.Column != 0 ? state.Column
            : sample.IsGood(SampleColumns.Surface) ? SampleColumns.Surface
            : sample.IsGood(SampleColumns.Infrared) ? SampleColumns.Infrared : 0;
        if (column == 0 || !sample.IsGood(column) || !sample.IsGood(SampleColumns.Ambient))
        {
            return;
        }

        state.Column = column;
        double timeS = interval.TimeMicroseconds / 1e6;
        double seconds = timeS - state.TimeS;
        bool broken = !(seconds >= 0 && seconds <= LongestIntervalSeconds);
        state.TimeS = timeS;
        int phase = Math.Abs(interval.CurrentA) <= RestShare * largestA ? 0 : interval.Kind;
        if (broken || phase != state.Phase)
        {
            ChangePhase(phase, broken, interval.TimeMicroseconds, cycles);
        }

        state.PhaseC += interval.ChargeC;
        state.Block.Add(
            timeS, broken ? 0 : seconds, sample.Values[column], sample.Values[SampleColumns.Ambient], interval.VoltageV, interval.CurrentA);
        if (state.Block.Seconds >= BlockSeconds)
        {
            CloseBlock(interval.TimeMicroseconds, cycles);
        }
    }

    /// <summary>A cycle has closed: the first whole one sets the width of the stretches.</summary>
    public void CloseCycle(in CycleMeasures measures)
    {
        state.Cycles = Math.Max(state.Cycles, measures.Index);
        if (state.CapacityC == 0 && measures.Quality == CycleQuality.Complete && measures.MainCapacityAh > 0)
        {
            state.CapacityC = measures.MainCapacityAh * CoulombsPerAh;
        }
    }

    public void Save(BinaryWriter writer)
    {
        StateBlock.Write(writer, state);
        agreement.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        StateBlock.Read(reader, ref state);
        agreement.Load(reader);
    }

    /// <summary>A snapshot of before there was this rule: it begins anew.</summary>
    public void Reset()
    {
        state = default;
        agreement.Reset();
    }

    private void ChangePhase(int phase, bool broken, long microseconds, CycleAssembler cycles)
    {
        if (broken)
        {
            state.Stretch.IsVoid = true;
            state.HasBefore = false;
        }

        CloseStretch(microseconds, cycles);
        state.Block = default;
        state.PhaseS = 0;
        if (phase != 0 && phase != state.LastDirection)
        {
            state.PhaseC = 0;
            state.LastDirection = phase;
        }

        state.Phase = phase;
    }

    private void CloseBlock(long microseconds, CycleAssembler cycles)
    {
        HeatBlock block = state.Block;
        state.Block = default;
        state.PhaseS += block.Seconds;
        WatchChamber(block);
        if (state.HasBefore)
        {
            AddToStretch(block);
        }

        state.Before = block;
        state.HasBefore = true;
        int bin = BinNow();
        if (bin != state.Stretch.Bin && state.Stretch.Seconds >= LeastBinSeconds)
        {
            CloseStretch(microseconds, cycles);
        }
    }

    private void AddToStretch(in HeatBlock block)
    {
        ref HeatStretch stretch = ref state.Stretch;
        if (stretch.Seconds == 0)
        {
            stretch.Bin = BinNow();
            stretch.FirstC = state.Before.CellC;
        }

        double spanS = block.TimeS - state.Before.TimeS;
        double riseK = 0.5 * (block.CellC - block.AmbientC + state.Before.CellC - state.Before.AmbientC);
        if (state.Cycles < LearnCycles && !state.Sum.IsRaised && state.Phase == 0 && state.PhaseS > 2 * BlockSeconds && spanS > 0)
        {
            state.Cooling.Learn(riseK, (state.Before.CellC - block.CellC) / spanS);
        }

        stretch.LastC = block.CellC;
        stretch.SpanSeconds += spanS;
        stretch.RiseKs += riseK * spanS;
        stretch.Seconds += block.Seconds;
        stretch.VoltageVs += block.VoltageVs;
        stretch.CurrentAs += block.CurrentAs;
        stretch.IsVoid |= block.TimeS < state.QuietUntilS;
    }

    /// <summary>A chamber that is set anew, or a door that opens: what follows for an hour is not judged.</summary>
    private void WatchChamber(in HeatBlock block)
    {
        if (!state.HasChamber)
        {
            state.ChamberC = block.AmbientC;
            state.HasChamber = true;
        }

        if (Math.Abs(block.AmbientC - state.ChamberC) > ChamberStepK)
        {
            state.QuietUntilS = block.TimeS + ChamberQuietSeconds;
            state.Stretch.IsVoid = true;
        }

        state.ChamberC += Math.Min(1, block.Seconds / ChamberMemorySeconds) * (block.AmbientC - state.ChamberC);
    }

    private int BinNow()
    {
        if (state.Phase == 0)
        {
            int at = Math.Min(RestBins - 1, (int)(state.PhaseS / RestBinSeconds));
            return (state.LastDirection > 0 ? 2 * HalfBins : AfterDischarge) + at;
        }

        int part = state.CapacityC > 0 ? Math.Min(HalfBins - 1, (int)(HalfBins * state.PhaseC / state.CapacityC)) : 0;
        return (state.Phase > 0 ? 0 : HalfBins) + part;
    }

    private void CloseStretch(long microseconds, CycleAssembler cycles)
    {
        HeatStretch stretch = state.Stretch;
        state.Stretch = default;
        if (stretch.IsVoid || stretch.Seconds < LeastBinSeconds || state.CapacityC == 0 || state.LastDirection == 0)
        {
            return;
        }

        double heatCapacityJPerK = statedJPerK > 0 ? statedJPerK : state.CapacityC / CoulombsPerAh * HeatTable.HeatCapacityJPerAhK;
        double meanA = stretch.CurrentAs / stretch.Seconds;
        double meanV = stretch.VoltageVs / stretch.Seconds;
        double timeConstantS = state.Cooling.Seconds;
        double rate = ((stretch.LastC - stretch.FirstC) / stretch.SpanSeconds) + (stretch.RiseKs / stretch.SpanSeconds / timeConstantS);
        ref UsualHeat usual = ref state.Usual[stretch.Bin];
        bool rests = stretch.Bin >= 2 * HalfBins;
        bool unusual = false;
        if (usual.IsKnown && usual.IsComparable(meanA, rests))
        {
            double explainedW = meanA * (meanV - usual.VoltageV);
            double usualW = heatCapacityJPerK * usual.RateKPerS;
            double residualW = (heatCapacityJPerK * rate) - usualW - explainedW;
            double sensorW = heatCapacityJPerK * HeatTable.TemperatureK * ((1.4 / stretch.SpanSeconds) + (1 / timeConstantS));
            double deviationW = Math.Sqrt(
                (sensorW * sensorW) + (heatCapacityJPerK * heatCapacityJPerK * usual.Variance)
                + Square(HeatTable.UsualShare * usualW) + Square(HeatTable.ExplainedShare * explainedW));
            state.Sum.Take(
                residualW, deviationW, usualW + explainedW, stretch.Seconds, microseconds, cycles.RunningIndex ?? 0, row, findings);
            unusual = residualW > LearnBelow * deviationW;
        }

        if (!unusual && !state.Sum.IsRaised && usual.IsLike(meanA, meanV, rests))
        {
            usual.Learn(rate, meanA, meanV);
        }
    }

    private static double Square(double value) => value * value;

    [InlineArray(Bins)]
    private struct AllUsual
    {
        private UsualHeat first;
    }

    private struct Memory
    {
        public AllUsual Usual;
        public CoolingConstant Cooling;
        public HeatSum Sum;
        public HeatStretch Stretch;
        public HeatBlock Block;
        public HeatBlock Before;
        public double CapacityC;
        public double TimeS;
        public double PhaseS;
        public double PhaseC;
        public double ChamberC;
        public double QuietUntilS;
        public int Phase;
        public int LastDirection;
        public int Column;
        public int Cycles;
        public bool HasBefore;
        public bool HasChamber;
    }
}
