using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>Holds the voltage noise of each charge against earlier ones (<see cref="ShortTable.Noise"/>).</summary>
internal sealed class ChargeNoiseWatch(ShortEvidence evidence)
{
    private const int Window = 8;
    private const int LeastHalves = 4;
    private const int LeastRecords = 100;
    private const double SameCurrentShare = 0.1;
    private const double SameIntervalShare = 0.3;
    private const double LeastDeviationV = 0.0003;
    private const double LeastBaselineV = 0.00005;
    private const double StepShare = 0.5;
    private const double BeyondDischarge = 2;

    private readonly double[] scratch = new double[Window];
    private readonly ShortRow row = evidence.Row(ShortKind.Noise);
    private Memory state;

    /// <summary>Takes the cut magnitude of a second difference at constant current.</summary>
    public void Take(int direction, double magnitudeV, double currentA, double seconds)
    {
        ref Half half = ref direction > 0 ? ref state.Charge : ref state.Discharge;
        half.SumV += magnitudeV;
        half.SumA += Math.Abs(currentA);
        half.Seconds += seconds;
        half.Count++;
    }

    /// <summary>A half has ended; a charge gets its verdict.</summary>
    public void CloseHalf(int direction, long microseconds, double stepV, int cycle)
    {
        if (direction < 0)
        {
            state.DischargeRatio = double.NaN;
            Close(state.Discharge, ref state.Discharges, out double ratio, out _, out _);
            state.DischargeRatio = ratio;
            Append(ref state.Discharges, state.Discharge);
            state.Discharge = default;
            return;
        }

        Half charge = state.Charge;
        bool judged = Close(charge, ref state.Charges, out double grown, out double deviationV, out double baselineV);
        state.Charge = default;
        bool isNoisier = judged && grown >= row.Raise
            && deviationV >= Math.Max(LeastDeviationV, StepShare * stepV)
            && grown >= BeyondDischarge * state.DischargeRatio;
        if (!isNoisier)
        {
            Append(ref state.Charges, charge);
        }

        if (!judged)
        {
            return;
        }

        state.Noisy = isNoisier ? state.Noisy + 1 : 0;
        state.Quiet = grown < row.Clear ? state.Quiet + 1 : 0;
        if (state.Noisy >= row.Hold)
        {
            evidence.Raise(
                ShortKind.Noise,
                new ShortFacts
                {
                    OnsetMicroseconds = microseconds, WindowSeconds = charge.Seconds, Observed = grown,
                    Limit = row.Raise, Baseline = baselineV, Absolute = deviationV, Count = state.Charges.Count,
                },
                cycle);
        }
        else if (state.Quiet >= row.ClearHold)
        {
            evidence.Clear(ShortKind.Noise, microseconds);
        }
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    public void Reset() => state = default;

    /// <summary>False where there is nothing like it to compare with.</summary>
    private bool Close(in Half half, ref Halves earlier, out double ratio, out double deviationV, out double baselineV)
    {
        ratio = double.NaN;
        deviationV = half.Count > 0 ? half.SumV / half.Count / SteadyNoise.MagnitudePerDeviation : double.NaN;
        baselineV = double.NaN;
        if (half.Count < LeastRecords)
        {
            return false;
        }

        bool alike = earlier.Count > 0 && Near(half.SumA / half.Count, earlier.CurrentA, SameCurrentShare)
            && Near(half.Seconds / half.Count, earlier.IntervalSeconds, SameIntervalShare);
        if (!alike)
        {
            earlier.Count = 0;
            earlier.CurrentA = half.SumA / half.Count;
            earlier.IntervalSeconds = half.Seconds / half.Count;
            return false;
        }

        if (earlier.Count < LeastHalves)
        {
            return false;
        }

        for (int i = 0; i < earlier.Count; i++)
        {
            scratch[i] = earlier.Deviations[i];
        }

        baselineV = Math.Max(LeastBaselineV, TheilSen.Median(scratch.AsSpan(0, earlier.Count)));
        ratio = deviationV / baselineV;
        return true;
    }

    private static void Append(ref Halves halves, in Half half)
    {
        if (half.Count < LeastRecords)
        {
            return;
        }

        if (halves.Count == Window)
        {
            for (int i = 1; i < Window; i++)
            {
                halves.Deviations[i - 1] = halves.Deviations[i];
            }

            halves.Count--;
        }

        halves.Deviations[halves.Count++] = half.SumV / half.Count / SteadyNoise.MagnitudePerDeviation;
    }

    private static bool Near(double value, double reference, double share) => Math.Abs(value - reference) <= share * reference;

    private struct Half
    {
        public double SumV;
        public double SumA;
        public double Seconds;
        public int Count;
    }

    [InlineArray(Window)]
    private struct Deviations
    {
        private double first;
    }

    private struct Halves
    {
        public Deviations Deviations;
        public double CurrentA;
        public double IntervalSeconds;
        public int Count;
    }

    private struct Memory
    {
        public Half Charge;
        public Half Discharge;
        public Halves Charges;
        public Halves Discharges;
        public double DischargeRatio;
        public int Noisy;
        public int Quiet;
    }
}
