using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>
/// Holds the running charge against the largest of the whole cycles before it (<see cref="ShortTable.Overrun"/>), while it
/// runs. What it must pass is worked out when a cycle closes, so that a sample costs one comparison.
/// </summary>
internal sealed class ChargeOverrunWatch(ShortEvidence evidence)
{
    private const int Window = 5;
    private const int LeastCycles = 2;
    private const double SameCurrentShare = 0.1;
    private const double SameTemperatureK = 20;
    private const double SharePerK = 0.015;
    private const double SameEndV = 0.010;
    private const double CoulombsPerAh = 3600;

    private readonly ShortRow row = evidence.Row(ShortKind.Overrun);
    private Memory state;

    /// <summary>Takes a sample of the running charge.</summary>
    public void Take(in HalfCycle charge, double voltageV, long microseconds, int cycle)
    {
        state.TopV = Math.Max(state.TopV, voltageV);
        if (!(charge.Charge.CountedC >= state.LimitC))
        {
            return;
        }

        double temperatureC = charge.TemperatureSeconds > 0 ? charge.TemperatureSecondsCs / charge.TemperatureSeconds : double.NaN;
        double warmerK = double.IsNaN(temperatureC - state.TemperatureC) ? 0 : Math.Abs(temperatureC - state.TemperatureC);
        double limit = row.Raise + (SharePerK * warmerK);
        bool alike = Near(charge.Charge.LevelA, state.ChargeLevelA) && charge.LongestGapSeconds == 0 && !charge.MissingUnknown
            && warmerK <= SameTemperatureK && state.TopV <= state.UsualTopV + SameEndV;
        if (alike && charge.Charge.CountedC < limit * state.ReferenceAh * CoulombsPerAh)
        {
            return;
        }

        state.LimitC = double.PositiveInfinity;
        if (!alike)
        {
            return;
        }

        state.Overran = true;
        double referenceAh = state.ReferenceAh;
        evidence.Raise(
            ShortKind.Overrun,
            new ShortFacts
            {
                OnsetMicroseconds = microseconds,
                WindowSeconds = (microseconds - charge.FirstMicroseconds) / 1e6,
                Observed = charge.Charge.CountedC / CoulombsPerAh / referenceAh,
                Limit = limit,
                Baseline = referenceAh,
                Absolute = charge.Charge.CountedC / CoulombsPerAh,
                Count = state.Count,
            },
            cycle);
    }

    /// <summary>The charge has ended; what follows is its discharge.</summary>
    public void CloseCharge()
    {
        state.LastTopV = state.TopV;
        state.TopV = double.NegativeInfinity;
    }

    /// <summary>A cycle has closed: says what the charge now running must pass.</summary>
    public void CloseCycle(CycleSummary summary, in CycleMeasures measures)
    {
        state.LimitC = double.PositiveInfinity;
        double chargeAh = summary.ChargeCapacityAh ?? double.NaN;
        if (measures.Quality != CycleQuality.Complete || !(chargeAh > 0))
        {
            state.Overran = false;
            return;
        }

        bool alike = Near(measures.OtherLevelA, state.ChargeLevelA) && Near(measures.MainLevelA, state.DischargeLevelA)
            && !(Math.Abs(measures.MainMeanTemperatureC - state.TemperatureC) > SameTemperatureK);
        if (!alike)
        {
            state.Count = 0;
            state.ChargeLevelA = measures.OtherLevelA;
            state.DischargeLevelA = measures.MainLevelA;
        }

        double clearAh = row.Clear * state.ReferenceAh;
        if (state.Count >= LeastCycles && chargeAh < clearAh)
        {
            evidence.Clear(ShortKind.Overrun, measures.EndMicroseconds);
        }

        if (!state.Overran)
        {
            Append(chargeAh, state.LastTopV);
            state.TemperatureC = measures.MainMeanTemperatureC;
        }

        state.Overran = false;
        if (state.Count < LeastCycles)
        {
            return;
        }

        state.ReferenceAh = 0;
        state.UsualTopV = double.NegativeInfinity;
        for (int i = 0; i < state.Count; i++)
        {
            state.ReferenceAh = Math.Max(state.ReferenceAh, state.Charges[i].Ah);
            state.UsualTopV = Math.Max(state.UsualTopV, state.Charges[i].TopV);
        }

        state.ReferenceAh = Math.Max(state.ReferenceAh, measures.MainCapacityAh);
        state.LimitC = row.Raise * state.ReferenceAh * CoulombsPerAh;
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    public void Reset() => state = new Memory { LimitC = double.PositiveInfinity, TopV = double.NegativeInfinity };

    private void Append(double chargeAh, double topV)
    {
        if (state.Count == Window)
        {
            for (int i = 1; i < Window; i++)
            {
                state.Charges[i - 1] = state.Charges[i];
            }

            state.Count--;
        }

        state.Charges[state.Count++] = new Charge { Ah = chargeAh, TopV = topV };
    }

    private static bool Near(double value, double reference) => Math.Abs(value - reference) <= SameCurrentShare * reference;

    private struct Charge
    {
        public double Ah;
        public double TopV;
    }

    [InlineArray(Window)]
    private struct Charges
    {
        private Charge first;
    }

    private struct Memory
    {
        public Charges Charges;
        public double LimitC;
        public double ReferenceAh;
        public double UsualTopV;
        public double TopV;
        public double LastTopV;
        public double ChargeLevelA;
        public double DischargeLevelA;
        public double TemperatureC;
        public int Count;
        public bool Overran;
    }
}
