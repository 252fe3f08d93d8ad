using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Real;

/// <summary>dQ/dV of measured cells: slow half cells show their material, a fading cell drifts the way polarization takes it.</summary>
public sealed class MeasuredDifferentialTests
{
    /// <summary>Stage transitions of graphite near 0.09, 0.12 and 0.21 V; the two nickel steps of LNMO near 4.70 and 4.75 V.</summary>
    [Theory]
    [InlineData("bdf_li_graphite_pocv", 0.09, 0.127, 0.21)]
    [InlineData("bdf_li_lnmo_pocv", 4.695, 4.75)]
    public void ASlowHalfCell_ShowsThePlateausOfItsMaterial_InBothDirections(string name, params double[] volts)
    {
        DifferentialRun run = new(RealSeries.Load(name));
        Assert.Equal([StepKind.Charge, StepKind.Discharge], run.Halves.Select(half => half.Half).Order());
        DifferentialCapacity charge = run.Halves.Single(half => half.Half == StepKind.Charge);
        DifferentialCapacity discharge = run.Halves.Single(half => half.Half == StepKind.Discharge);
        Assert.Equal(volts.Length, charge.Peaks.Count);
        Assert.Equal(volts.Length, discharge.Peaks.Count);
        for (int i = 0; i < volts.Length; i++)
        {
            Assert.Equal(volts[i], 0.5 * (charge.Peaks[i].PositionV + discharge.Peaks[i].PositionV), 0.006);
            Assert.InRange(charge.Peaks[i].PositionV - discharge.Peaks[i].PositionV, 0.002, 0.025);
        }
    }

    [Fact]
    public void TheDischargePeakOfAFadingCell_SinksAndFlattens_AsItsPolarizationGrows()
    {
        DifferentialRun run = new(RealSeries.Load("nasa_b0005"));
        PeakTrack main = PeakTracks.Follow(run.Halves, StepKind.Discharge).MaxBy(track => track.Points.Count)!;
        Assert.True(main.Points.Count >= 160, $"followed over {main.Points.Count} of 168 cycles");

        // Medians of twenty cycles: a rest of days now and then gives a little capacity back.
        double[] positions = [.. main.Points.Chunk(20).Where(block => block.Length == 20).Select(block => Median(block.Select(p => p.Peak.PositionV)))];
        double[] heights = [.. main.Points.Chunk(20).Where(block => block.Length == 20).Select(block => Median(block.Select(p => p.Peak.HeightAhPerV)))];
        Assert.Equal(positions.OrderDescending(), positions);
        Assert.InRange(heights[^1] / heights[0], 0.4, 0.7);
        Assert.InRange(positions[0] - positions[^1], 0.05, 0.2);
    }

    [Fact]
    public void ACapacityTestWithPulses_TellsOnlyOfTheHalvesThatRanThrough()
    {
        DifferentialRun run = new(RealSeries.Load("lgm50_rpt0"));
        Assert.NotEmpty(run.Halves);
        Assert.All(run.Halves, half => Assert.Equal(half.Reason.Length == 0, half.RateA is not null));
        Assert.All(run.Halves, half => Assert.InRange(half.Peaks.Count, 0, DifferentialCapacity.MostPeaks));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return 0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);
    }
}
