using System.Globalization;

namespace PouchMonitor.Simulation;

/// <summary>
/// An emulated run written as a cycler would export it, in normalised columns: time_s, voltage_V, current_A (positive
/// charges), temperature_C, cycle, step, charge_capacity_Ah, discharge_capacity_Ah. The last two are the emulated truth,
/// counted from the start of each cycle.
/// </summary>
public static class RecordedSeries
{
    public const string Header = "time_s,voltage_V,current_A,temperature_C,cycle,step,charge_capacity_Ah,discharge_capacity_Ah";

    /// <summary>
    /// Writes rows every <paramref name="intervalS"/> until the programme is over, plus one at each change of step; returns
    /// the number of rows. Noise of the instrument (0.2 mV, 0.02 % of the nominal 1 C current, 0.05 K) comes from the seed.
    /// </summary>
    public static long Write(TextWriter writer, CellRunOptions options, double intervalS, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(options);
        if (!(intervalS >= options.StepS))
        {
            throw new ArgumentOutOfRangeException(
                nameof(intervalS), intervalS, $"The interval must not be shorter than the step of {options.StepS} s.");
        }

        var run = new CellOnCycler(options);
        var noise = new SeededNoise(options.Seed ^ 0x1057_1057_1057_1057);
        var counter = new CycleCounter();
        double nextS = 0;
        double endS = double.PositiveInfinity;
        long rows = 0;
        writer.WriteLine(Header);
        for (long step = 0; run.TimeS <= endS; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool stepChanged = counter.Follow(run, options.StepS);
            if (stepChanged || run.TimeS >= nextS)
            {
                WriteRow(writer, run, counter, noise);
                rows++;
                nextS = run.TimeS + intervalS;
            }

            if (run.Cycler.IsOver && double.IsPositiveInfinity(endS))
            {
                endS = run.TimeS + (run.Cycler.Phase == CyclerPhase.Aborted ? 3600 : 0);
            }

            run.AdvanceTo((step + 1) * options.StepS);
        }

        return rows;
    }

    private static void WriteRow(TextWriter writer, CellOnCycler run, CycleCounter counter, SeededNoise noise)
    {
        double currentA = run.CurrentA == 0 ? 0 : run.CurrentA + (2e-4 * run.Profile.NominalCapacityAh * noise.NextGaussian());
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.TimeS:0.###},{run.VoltageV + (2e-4 * noise.NextGaussian()):F5},{currentA:F7},"
            + $"{run.SurfaceC + (0.05 * noise.NextGaussian()):F3},{run.Cycler.Cycle},{counter.StepIndex},"
            + $"{counter.ChargeAh:F7},{counter.DischargeAh:F7}"));
    }

    private sealed class CycleCounter
    {
        private CyclerPhase phase;
        private int cycle = 1;

        public int StepIndex { get; private set; } = 1;

        public double ChargeAh { get; private set; }

        public double DischargeAh { get; private set; }

        /// <summary>Adds the step that led to the present state; true when it began another step of the cycler.</summary>
        public bool Follow(CellOnCycler run, double stepS)
        {
            bool changed = run.Cycler.Phase != phase;
            if (run.Cycler.Cycle != cycle)
            {
                cycle = run.Cycler.Cycle;
                ChargeAh = 0;
                DischargeAh = 0;
            }

            if (changed)
            {
                phase = run.Cycler.Phase;
                StepIndex++;
            }

            ChargeAh += Math.Max(0, run.CurrentA) * stepS / 3600;
            DischargeAh += Math.Max(0, -run.CurrentA) * stepS / 3600;
            return changed;
        }
    }
}
