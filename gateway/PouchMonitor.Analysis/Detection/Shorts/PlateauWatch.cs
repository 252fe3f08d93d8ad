using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>
/// Holds the plateau of a symmetric cell's half cycle, quarter by quarter, against the half cycles before
/// (<see cref="ShortTable.Plateau"/>). A quarter has the length that the half cycle before had.
/// </summary>
internal sealed class PlateauWatch(ShortEvidence evidence)
{
    private const int Quarters = 4;
    private const int Window = 4;
    private const int Compared = 3;
    private const int LeastRecords = 3;
    private const double LeastSeconds = 20;
    private const double SameCurrentShare = 0.1;
    private const double SameLengthShare = 0.2;
    private const double SameTemperatureK = 8;
    private const double LeastAmplitudeV = 0.005;
    private const double NoiseMargin = 6;

    private readonly ShortRow row = evidence.Row(ShortKind.Plateau);
    private Memory state;

    /// <summary>Takes a sample of a symmetric cell.</summary>
    public void Take(int kind, long microseconds, double seconds, double voltageV, double currentA, double temperatureC, double noiseV, int cycle)
    {
        if (kind == 0)
        {
            return;
        }

        if (kind != state.Direction)
        {
            CloseQuarter(microseconds, noiseV, cycle);
            CloseHalf(currentA, temperatureC);
            state.Direction = kind;
        }

        double quarterSeconds = state.UsualSeconds / Quarters;
        if (quarterSeconds > 0 && state.Seconds >= quarterSeconds * (state.Quarter + 1) && state.Quarter < Quarters - 1)
        {
            CloseQuarter(microseconds, noiseV, cycle);
            state.Quarter++;
        }

        state.Seconds += seconds;
        state.QuarterSeconds += seconds;
        state.SumVs += Math.Abs(voltageV) * seconds;
        state.Count++;
        if (Math.Abs(currentA) > state.RunningLevelA)
        {
            state.RunningLevelA = Math.Abs(currentA);
        }
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    public void Reset() => state = default;

    private void CloseQuarter(long microseconds, double noiseV, int cycle)
    {
        double amplitudeV = state.SumVs / state.QuarterSeconds;
        bool counts = state.Count >= LeastRecords && state.QuarterSeconds >= LeastSeconds && state.UsualSeconds > 0
            && Near(state.RunningLevelA, state.LevelA, SameCurrentShare);
        double spanSeconds = state.QuarterSeconds;
        state.SumVs = 0;
        state.QuarterSeconds = 0;
        state.Count = 0;
        if (!counts)
        {
            return;
        }

        ref History history = ref state.Histories[state.Quarter];
        if (history.Count == Window)
        {
            double least = double.PositiveInfinity;
            for (int i = Window - Compared; i < Window; i++)
            {
                least = Math.Min(least, history.Amplitudes[i]);
            }

            double ratio = amplitudeV / least;
            if (least >= Math.Max(LeastAmplitudeV, NoiseMargin * (double.IsNaN(noiseV) ? 0 : noiseV)))
            {
                state.Clean = ratio >= row.Clear ? state.Clean + 1 : 0;
                if (ratio <= row.Raise)
                {
                    evidence.Raise(
                        ShortKind.Plateau,
                        new ShortFacts
                        {
                            OnsetMicroseconds = microseconds, WindowSeconds = spanSeconds, Observed = ratio,
                            Limit = row.Raise, Baseline = least, Absolute = amplitudeV, Count = Compared,
                        },
                        cycle);
                    return;
                }

                if (state.Clean >= row.ClearHold)
                {
                    evidence.Clear(ShortKind.Plateau, microseconds);
                }
            }
        }

        if (!evidence.IsRaised(ShortKind.Plateau))
        {
            history.Append(amplitudeV);
        }
    }

    /// <summary>A half cycle has ended: its length, current and temperature are what the next is compared by.</summary>
    private void CloseHalf(double nextA, double temperatureC)
    {
        bool warmer = Math.Abs(temperatureC - state.TemperatureC) > SameTemperatureK;
        if (!Near(state.Seconds, state.UsualSeconds, SameLengthShare) || !Near(state.RunningLevelA, state.LevelA, SameCurrentShare) || warmer)
        {
            state.Histories = default;
            state.UsualSeconds = state.Seconds;
            state.LevelA = state.RunningLevelA;
            state.TemperatureC = temperatureC;
        }

        state.Seconds = 0;
        state.Quarter = 0;
        state.RunningLevelA = Math.Abs(nextA);
    }

    private static bool Near(double value, double reference, double share) => Math.Abs(value - reference) <= share * reference;

    [InlineArray(Window)]
    private struct Amplitudes
    {
        private double first;
    }

    private struct History
    {
        public Amplitudes Amplitudes;
        public int Count;

        public void Append(double amplitudeV)
        {
            if (Count == Window)
            {
                for (int i = 1; i < Window; i++)
                {
                    Amplitudes[i - 1] = Amplitudes[i];
                }

                Count--;
            }

            Amplitudes[Count++] = amplitudeV;
        }
    }

    [InlineArray(Quarters)]
    private struct AllHistories
    {
        private History first;
    }

    private struct Memory
    {
        public AllHistories Histories;
        public double UsualSeconds;
        public double LevelA;
        public double TemperatureC;
        public double RunningLevelA;
        public double Seconds;
        public double QuarterSeconds;
        public double SumVs;
        public int Count;
        public int Quarter;
        public int Direction;
        public int Clean;
    }
}
