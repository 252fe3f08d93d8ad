using System.Globalization;

namespace PouchMonitor.Simulation;

/// <summary>A run of a cell without a cathode, written in the columns and with the noise of <see cref="RecordedSeries"/>.</summary>
public static class LithiumSeries
{
    private const double VoltageNoiseV = 2e-4;
    private const double TemperatureNoiseK = 0.05;

    /// <summary>Writes rows every <paramref name="intervalS"/> and at both ends of each step; returns the number of rows.</summary>
    public static long Write(
        TextWriter writer, LithiumCellProfile cell, int cycles, double intervalS, ulong seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(cell);
        var noise = new SeededNoise(seed ^ 0x1057_1057_1057_1057);
        LithiumRecord last = default;
        double chargeAh = 0;
        double dischargeAh = 0;
        long count = 0;
        writer.WriteLine(RecordedSeries.Header);
        foreach (LithiumRecord now in LithiumRun.Records(cell, cycles, intervalS))
        {
            cancellation.ThrowIfCancellationRequested();
            if (now.Cycle != last.Cycle)
            {
                chargeAh = 0;
                dischargeAh = 0;
            }

            double ah = now.CurrentA * (now.TimeS - last.TimeS) / 3600;
            chargeAh += Math.Max(0, ah);
            dischargeAh += Math.Max(0, -ah);
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{now.TimeS:0.###},{now.VoltageV + (VoltageNoiseV * noise.NextGaussian()):F5},{now.CurrentA:F9},"
                + $"{cell.AmbientC + (TemperatureNoiseK * noise.NextGaussian()):F3},{now.Cycle},{now.Step},{chargeAh:F9},{dischargeAh:F9}"));
            last = now;
            count++;
        }

        return count;
    }
}
