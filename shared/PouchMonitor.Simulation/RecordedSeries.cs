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

    private const double VoltageNoiseV = 2e-4;
    private const double CurrentNoiseC = 2e-4;
    private const double TemperatureNoiseK = 0.05;
    private const double WatchAfterAbortS = 3600;

    /// <summary>
    /// Writes rows every <paramref name="intervalS"/> until the programme is over, and both sides of each change of step; returns
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
        var rows = new RowWriter(writer, run, options);
        double nextS = 0;
        double endS = double.PositiveInfinity;
        writer.WriteLine(Header);
        for (long step = 0; run.TimeS <= endS; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (rows.Follow(options.StepS) || run.TimeS >= nextS)
            {
                rows.Write();
                nextS = run.TimeS + intervalS;
            }

            if (run.Cycler.IsOver && double.IsPositiveInfinity(endS))
            {
                endS = run.TimeS + (run.Cycler.Phase == CyclerPhase.Aborted ? WatchAfterAbortS : 0);
            }

            run.AdvanceTo((step + 1) * options.StepS);
        }

        return rows.Count;
    }

    private sealed class RowWriter(TextWriter writer, CellOnCycler run, CellRunOptions options)
    {
        private readonly SeededNoise noise = new(options.Seed ^ 0x1057_1057_1057_1057);
        private Row now;
        private bool isWritten;
        private CyclerPhase phase;

        public long Count { get; private set; }

        /// <summary>
        /// Takes the present state; true when it belongs to another step of the cycler. The last state of the step before is
        /// then written as well, as instruments do, so that nobody has to guess where the edge was.
        /// </summary>
        public bool Follow(double stepS)
        {
            bool isNewStep = run.Cycler.Phase != phase;
            if (isNewStep && !isWritten && now.StepIndex > 0)
            {
                Write();
            }

            bool isNewCycle = run.Cycler.Cycle != now.Cycle;
            double ah = run.CurrentA * stepS / 3600;
            now = new Row
            {
                TimeS = run.TimeS,
                VoltageV = run.VoltageV,
                CurrentA = run.CurrentA,
                SurfaceC = run.SurfaceC,
                Cycle = run.Cycler.Cycle,
                StepIndex = now.StepIndex + (isNewStep || now.StepIndex == 0 ? 1 : 0),
                ChargeAh = (isNewCycle ? 0 : now.ChargeAh) + Math.Max(0, ah),
                DischargeAh = (isNewCycle ? 0 : now.DischargeAh) + Math.Max(0, -ah),
            };
            phase = run.Cycler.Phase;
            isWritten = false;
            return isNewStep;
        }

        public void Write()
        {
            double currentA = now.CurrentA == 0 ? 0 : now.CurrentA + (CurrentNoiseC * run.Profile.NominalCapacityAh * noise.NextGaussian());
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{now.TimeS:0.###},{now.VoltageV + (VoltageNoiseV * noise.NextGaussian()):F5},{currentA:F7},"
                + $"{now.SurfaceC + (TemperatureNoiseK * noise.NextGaussian()):F3},{now.Cycle},{now.StepIndex},"
                + $"{now.ChargeAh:F7},{now.DischargeAh:F7}"));
            isWritten = true;
            Count++;
        }
    }

    private readonly record struct Row
    {
        public double TimeS { get; init; }

        public double VoltageV { get; init; }

        public double CurrentA { get; init; }

        public double SurfaceC { get; init; }

        public int Cycle { get; init; }

        public int StepIndex { get; init; }

        public double ChargeAh { get; init; }

        public double DischargeAh { get; init; }
    }
}
