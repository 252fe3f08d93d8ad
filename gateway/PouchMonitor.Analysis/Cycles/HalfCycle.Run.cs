using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Cycles;

/// <content>Many intervals at once, to the same digits.</content>
internal partial struct HalfCycle
{
    /// <summary>True when a run moves the end of the half and not its beginning.</summary>
    public readonly bool OnlyGoesOn(SampleRun run) =>
        HasFlow && run.LargestA * BoundShare <= LargestA && run.LeastA >= BoundShare * Math.Max(LargestA, run.LargestA);

    /// <summary>
    /// Adds a run of one step to this half and to the step. The sums are taken one sample after the other, so that they
    /// round as they do when the samples come one by one; that they are taken side by side makes them quick.
    /// </summary>
    /// <param name="run">With charges and energies; <see cref="OnlyGoesOn"/> allowed it.</param>
    /// <param name="step">The running step.</param>
    /// <param name="last">Its last interval.</param>
    public void AddRun(SampleRun run, ref StepSums step, in Interval last)
    {
        ref DirectionSums sums = ref last.Kind > 0 ? ref Charge : ref Discharge;
        ReadOnlySpan<double> seconds = run.Seconds.AsSpan(1, run.Count);
        ReadOnlySpan<double> charges = run.ChargeC.AsSpan(1, run.Count);
        ReadOnlySpan<double> energies = run.EnergyJ.AsSpan(1, run.Count);
        double halfC = sums.CountedC;
        double halfJ = sums.EnergyJ;
        double halfS = sums.Seconds;
        double stepC = last.Kind > 0 ? step.ChargeC : step.DischargeC;
        double stepJ = last.Kind > 0 ? step.ChargeJ : step.DischargeJ;
        double stepS = step.Seconds;
        for (int i = 0; i < seconds.Length && i < charges.Length && i < energies.Length; i++)
        {
            halfC += charges[i];
            halfJ += energies[i];
            halfS += seconds[i];
            stepC += charges[i];
            stepJ += energies[i];
            stepS += seconds[i];
        }

        sums.CountedC = halfC;
        sums.EnergyJ = halfJ;
        sums.Seconds = halfS;
        (last.Kind > 0 ? ref step.ChargeC : ref step.DischargeC) = stepC;
        (last.Kind > 0 ? ref step.ChargeJ : ref step.DischargeJ) = stepJ;
        step.Seconds = stepS;
        sums.LevelA = Math.Max(sums.LevelA, RunMath.LargestQuotient(charges, seconds));
        if (run.AnyHeld)
        {
            for (int i = 1; i <= run.Count; i++)
            {
                ConstantVoltageC += run.Held[i] ? run.ChargeC[i] : 0;
            }
        }

        LargestA = Math.Max(LargestA, run.LargestA);
        LastMicroseconds = last.TimeMicroseconds;
        LastVoltageV = last.VoltageV;
    }

    /// <summary>Adds the temperatures of a run, by time where current flows.</summary>
    public void AddTemperatures(SampleRun run, bool flows)
    {
        if (!run.HasTemperature)
        {
            return;
        }

        ReadOnlySpan<double> celsius = run.TemperatureC.AsSpan(1, run.Count);
        double largest = RunMath.Range(celsius).Largest;
        LargestTemperatureC = HasTemperature ? Math.Max(LargestTemperatureC, largest) : largest;
        HasTemperature = true;
        if (!flows)
        {
            return;
        }

        ReadOnlySpan<double> seconds = run.Seconds.AsSpan(1, run.Count);
        double sumCs = TemperatureSecondsCs;
        double sumS = TemperatureSeconds;
        for (int i = 0; i < seconds.Length && i < celsius.Length; i++)
        {
            sumCs += celsius[i] * seconds[i];
            sumS += seconds[i];
        }

        TemperatureSecondsCs = sumCs;
        TemperatureSeconds = sumS;
    }
}
