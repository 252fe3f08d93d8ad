using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>
/// Counts voltage dips of charges at constant current (<see cref="ShortTable.Dips"/>), and the same shape upwards, which
/// says that a cable is at work.
/// </summary>
internal sealed class DipWatch(ShortEvidence evidence)
{
    private const double NoiseMargin = 6;
    private const double DeepestV = 0.25;
    private const double CoarsestStepV = 0.005;
    private const int MostUpwards = 1;
    private const long WindowMicroseconds = 3L * 3600 * 1_000_000;
    private const long LongestMicroseconds = 30_000_000;
    private const double LongestIntervals = 5;
    private const int Dips = 3;

    private readonly ShortRow row = evidence.Row(ShortKind.Dips);
    private Memory state;

    public void Break()
    {
        state.Down.Break();
        state.Up.Break();
    }

    /// <summary>Takes the next record of a charge at constant current.</summary>
    /// <param name="microseconds">Its time.</param>
    /// <param name="valueV">Voltage, V.</param>
    /// <param name="extremeV">How far the lowest reading since the record before lies below it, V.</param>
    /// <param name="seconds">Since the record before.</param>
    /// <param name="noise">Of the channel.</param>
    /// <param name="cycle">Running cycle.</param>
    public void Take(long microseconds, double valueV, double extremeV, double seconds, in SteadyNoise noise, int cycle)
    {
        double deviationV = noise.DeviationV;
        if (double.IsNaN(deviationV) || noise.LeastChangeV > CoarsestStepV)
        {
            return;
        }

        double leastV = Math.Max(row.Raise, NoiseMargin * deviationV);
        long longest = Math.Max(LongestMicroseconds, (long)(LongestIntervals * seconds * 1e6));
        if (state.Up.Take(microseconds, -valueV, 0, leastV, longest, out _))
        {
            state.UpMicroseconds[state.NextUp] = microseconds;
            state.NextUp = (state.NextUp + 1) % Dips;
        }

        if (state.Down.Take(microseconds, valueV, extremeV, leastV, longest, out Dip dip) && dip.DepthV <= DeepestV)
        {
            Count(dip, leastV, deviationV, cycle);
        }
    }

    /// <summary>A cycle has closed.</summary>
    public void CloseCycle(int index, long endMicroseconds)
    {
        if (evidence.IsRaised(ShortKind.Dips) && index >= evidence.LastCycle(ShortKind.Dips) + row.ClearHold)
        {
            evidence.Clear(ShortKind.Dips, endMicroseconds);
        }

        state.Count = 0;
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    public void Reset() => state = default;

    private void Count(in Dip dip, double leastV, double deviationV, int cycle)
    {
        if (evidence.IsRaised(ShortKind.Dips))
        {
            evidence.SeenAgain(ShortKind.Dips, cycle);
            return;
        }

        for (int i = Dips - 1; i > 0; i--)
        {
            state.Recent[i] = state.Recent[i - 1];
        }

        state.Recent[0] = dip;
        state.Count = Math.Min(Dips, state.Count + 1);
        long since = state.Recent[Dips - 1].StartMicroseconds;
        if (state.Count < row.Hold || dip.StartMicroseconds - since > WindowMicroseconds || UpwardsSince(since) > MostUpwards)
        {
            return;
        }

        double deepest = 0;
        for (int i = 0; i < Dips; i++)
        {
            deepest = Math.Max(deepest, state.Recent[i].DepthV);
        }

        evidence.Raise(
            ShortKind.Dips,
            new ShortFacts
            {
                OnsetMicroseconds = dip.StartMicroseconds,
                WindowSeconds = (dip.StartMicroseconds - since) / 1e6,
                Observed = deepest,
                Limit = leastV,
                Baseline = deviationV,
                Count = Dips,
            },
            cycle);
    }

    private int UpwardsSince(long microseconds)
    {
        int upwards = 0;
        for (int i = 0; i < Dips; i++)
        {
            upwards += state.UpMicroseconds[i] >= microseconds && state.UpMicroseconds[i] != 0 ? 1 : 0;
        }

        return upwards;
    }

    [InlineArray(Dips)]
    private struct RecentDips
    {
        private Dip first;
    }

    [InlineArray(Dips)]
    private struct Times
    {
        private long first;
    }

    private struct Memory
    {
        public DipTracker Down;
        public DipTracker Up;
        public RecentDips Recent;
        public Times UpMicroseconds;
        public int NextUp;
        public int Count;
    }
}
