using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Measures;

/// <summary>dQ/dV of cells whose peaks are known: where they lie, how much charge is in them, and when nothing is told.</summary>
public sealed class DifferentialCapacityTests
{
    private const double RateA = 0.2;

    [Theory]
    [InlineData(1, 0.001, 0)]
    [InlineData(1, 0.0002, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 0.0002, 0.0002)]
    [InlineData(1, 0.001, 0.001)]
    [InlineData(10, 0.001, 0.0005)]
    [InlineData(30, 0.001, 0)]
    [InlineData(30, 0.0002, 0.0002)]
    public void KnownPeaks_AreFoundWithin5Millivolt_AndTheirChargeWithin2Percent(double intervalS, double quantumV, double noiseV)
    {
        var cell = new PeakCell(seed: 7) { IntervalSeconds = intervalS, QuantumV = quantumV, NoiseV = noiseV };
        var run = new DifferentialRun(cell.Cycle(RateA).Rest(300).ToArray());

        Assert.Equal([(1, StepKind.Charge), (1, StepKind.Discharge)], run.Halves.Select(half => (half.Cycle, half.Half)));
        foreach (DifferentialCapacity half in run.Halves)
        {
            Assert.Equal("", half.Reason);
            Assert.Equal(RateA, half.RateA!.Value, 1e-9);
            double shiftV = (half.Half == StepKind.Charge ? 1 : -1) * RateA * cell.ResistanceOhm;
            Assert.Equal(PeakCell.Ncm.Length, half.Peaks.Count);
            foreach (((double volts, double ah), DifferentialPeak peak) in PeakCell.Ncm.Zip(half.Peaks))
            {
                Assert.InRange(peak.PositionV - volts - shiftV, -0.005, 0.005);
                Assert.InRange(peak.AreaAh / ah, 0.98, 1.02);

                // A logistic step of charge Q is Q / 4w high; the smoothing takes 11 % of it and widens it by 12 %.
                Assert.InRange(peak.HeightAhPerV / (ah / (4 * 0.015)), 0.86, 0.95);
                Assert.InRange(peak.WidthV!.Value / PeakCell.WidthV, 1.05, 1.2);
            }
        }
    }

    [Fact]
    public void TheSlope_IsTheInverseOfTheDensity()
    {
        DifferentialCurve curve = new DifferentialRun(new PeakCell().Cycle(RateA).Rest(300).ToArray()).Curves[0]!;
        int top = Enumerable.Range(0, curve.VoltageV.Count).MaxBy(i => curve.DensityAhPerV[i]);
        Assert.Equal(1 / curve.DensityAhPerV[top], curve.SlopeVPerAh(top)!.Value, 1e-12);
        Assert.Equal(DifferentialCurve.GridV, curve.VoltageV[1] - curve.VoltageV[0], 1e-12);
    }

    [Fact]
    public void AHeldVoltage_IsLeftOut()
    {
        DifferentialRun without = new(new PeakCell().Cycle(RateA).Rest(300).ToArray());
        DifferentialRun held = new(new PeakCell().Cycle(RateA, heldSeconds: 3600).Rest(300).ToArray());
        Assert.Equal(StepMode.ConstantCurrentConstantVoltage, held.Report.Steps.First(step => step.Kind == StepKind.Charge).Mode);
        Assert.Equal(without.Halves[0].Peaks.Count, held.Halves[0].Peaks.Count);
        foreach ((DifferentialPeak expected, DifferentialPeak actual) in without.Halves[0].Peaks.Zip(held.Halves[0].Peaks))
        {
            Assert.Equal(expected.PositionV, actual.PositionV, 1e-4);
            Assert.Equal(expected.AreaAh, actual.AreaAh, 1e-3);
        }
    }

    [Fact]
    public void ChargeAndDischargePeaks_ArePaired_AndStandApartByCurrentTimesResistance()
    {
        var cell = new PeakCell { ResistanceOhm = 0.3 };
        DifferentialRun run = new(cell.Cycle(RateA).Rest(300).ToArray());
        CycleSummary cycle = Assert.Single(run.Report.Cycles);
        IReadOnlyList<PeakSeparation> pairs = PeakTracks.Separate(run.Halves[0], run.Halves[1], cycle);
        Assert.Equal(3, pairs.Count);
        Assert.All(pairs, pair => Assert.Equal(2 * RateA * 0.3, pair.SeparationV, 0.005));
        Assert.Empty(PeakTracks.Separate(run.Halves[0], run.Halves[1], cycle with { PolarizationV = null }));
    }

    [Fact]
    public void PeaksAreFollowed_WhileTheResistanceGrows_FurtherThanTheMatchReachesInOneStep()
    {
        var cell = new PeakCell { IntervalSeconds = 10 };
        for (int cycle = 0; cycle < 8; cycle++)
        {
            cell.ResistanceOhm = 0.05 + (0.06 * cycle);
            cell.Cycle(RateA);
        }

        DifferentialRun run = new(cell.Rest(300).ToArray());
        IReadOnlyList<PeakTrack> tracks = PeakTracks.Follow(run.Halves, StepKind.Charge);
        Assert.Equal(3, tracks.Count);
        foreach (PeakTrack track in tracks)
        {
            Assert.Equal(Enumerable.Range(1, 8), track.Points.Select(point => point.Cycle));
            Assert.Equal(7 * 0.06 * RateA, track.Points[^1].Peak.PositionV - track.Points[0].Peak.PositionV, 0.006);
            Assert.True(7 * 0.06 * RateA > PeakTracks.MatchV, "the drift of the test is too small to show that tracks move along");
        }
    }

    [Fact]
    public void HalvesAtAnotherRate_TakeNoPartInATrack()
    {
        DifferentialRun run = new(new PeakCell().Cycle(RateA).Cycle(2 * RateA).Cycle(RateA).Rest(300).ToArray());
        Assert.All(PeakTracks.Follow(run.Halves, StepKind.Discharge), track => Assert.Equal([1, 3], track.Points.Select(point => point.Cycle)));
    }

    [Theory]
    [InlineData("two rates", "more than one rate, pulses or a pause")]
    [InlineData("gap", "a gap in the record")]
    [InlineData("pulses", "pulses against the current")]
    [InlineData("short", "the voltage hardly moved at constant current")]
    public void WhereOneCurrentDidNotRunThrough_NothingIsTold_AndTheReasonIsGiven(string kind, string reason)
    {
        CellTrace trace = new() { CapacityAh = 1 };
        trace.Rest(300);
        _ = kind switch
        {
            "two rates" => trace.Charge(1, 1800).Charge(0.5, 3600),
            "gap" => trace.Charge(1, 1200).Skip(1200).Charge(1, 1200),
            "pulses" => trace.Charge(1, 1700).Discharge(1, 60).Charge(1, 1700),
            _ => ShortRun(trace),
        };
        DifferentialRun run = new(trace.Rest(300).Discharge(1, kind == "short" ? 3500 : 2400).Rest(300).ToArray());
        DifferentialCapacity charge = run.Halves.First(half => half.Half == StepKind.Charge);
        Assert.Equal(reason, charge.Reason);
        Assert.Empty(charge.Peaks);
        Assert.Null(charge.RateA);
    }

    private static CellTrace ShortRun(CellTrace trace)
    {
        // A cell so large that its voltage moves by 28 mV.
        trace.CapacityAh = 36;
        return trace.Charge(1, 3600);
    }
}
