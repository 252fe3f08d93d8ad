using PouchMonitor.Analysis.Detection.Cycles;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// The overpotential of one half cycle between electrodes of lithium: its plateau (mean over the middle half of its time, which
/// leaves out nucleation and a rise at the end), its nucleation (the largest in the first quarter, where it stands out), and a
/// sudden fall, which is a short. Volts, magnitudes along the current.
/// </summary>
/// <param name="PlateauV">Mean over the middle half; over all of its charge where its inside was not watched.</param>
/// <param name="NucleationV">Largest in the first quarter; null where it is not 5 % above the plateau, or was not watched.</param>
/// <param name="FallSeconds">Since its begin until the overpotential fell below half and stayed there, s; null where it did not.</param>
internal readonly record struct HalfOverpotential(double PlateauV, double? NucleationV, double? FallSeconds)
{
    private const double StandsOut = 1.05;
    private const double FallShare = 0.5;
    private const int LeastBins = 4;

    public static HalfOverpotential Of(FlowHalf half, NamedTestCollector? inside)
    {
        StepTransient? transient = inside?.Find(half.Step);
        if (transient is null || transient.Bins.Count < LeastBins)
        {
            return new HalfOverpotential(half.OverpotentialV, null, null);
        }

        double seconds = transient.Seconds;
        double sumVs = 0;
        double sumS = 0;
        double peakV = half.Sign * transient.FirstVoltageV;
        foreach (TransientBin bin in transient.Bins)
        {
            double share = bin.MeanSeconds / seconds;
            if (share is >= 0.25 and <= 0.75)
            {
                sumVs += half.Sign * bin.VoltageV * bin.Seconds;
                sumS += bin.Seconds;
            }
            else if (share < 0.25)
            {
                peakV = Math.Max(peakV, half.Sign * bin.PeakVoltageV);
            }
        }

        double plateauV = sumS > 0 ? sumVs / sumS : half.OverpotentialV;
        return new HalfOverpotential(plateauV, peakV >= StandsOut * plateauV ? peakV : null, Fall(half, transient));
    }

    /// <summary>Behind its first quarter, where nucleation falls as well: the first mean below half of the three before, that is never left again.</summary>
    private static double? Fall(FlowHalf half, StepTransient transient)
    {
        IReadOnlyList<TransientBin> bins = transient.Bins;
        for (int i = 3; i < bins.Count; i++)
        {
            double beforeV = TheilSen.Median([half.Sign * bins[i - 1].VoltageV, half.Sign * bins[i - 2].VoltageV, half.Sign * bins[i - 3].VoltageV]);
            if (bins[i].MeanSeconds < 0.25 * transient.Seconds || half.Sign * bins[i].VoltageV >= FallShare * beforeV)
            {
                continue;
            }

            bool stays = true;
            for (int j = i; j < bins.Count; j++)
            {
                stays &= half.Sign * bins[j].VoltageV < FallShare * beforeV;
            }

            if (stays)
            {
                return bins[i].MeanSeconds - (0.5 * bins[i].Seconds);
            }
        }

        return null;
    }
}
