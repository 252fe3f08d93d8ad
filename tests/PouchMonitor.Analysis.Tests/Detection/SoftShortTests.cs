using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Shorts;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Simulation;

namespace PouchMonitor.Analysis.Tests.Detection;

/// <summary>Soft shorts and unexplained heat are found on emulated cells, and healthy ones give neither.</summary>
public sealed class SoftShortTests
{
    private const ulong Seed = 101;

    [Theory]
    [InlineData("dne-pouch")]
    [InlineData("dne-pouch-baseline")]
    [InlineData("tve-pouch")]
    [InlineData("tve-pouch-baseline")]
    [InlineData("copc-anode-free")]
    public void HealthyCells_AreSilent_AlsoWithGlitchesAndADriftingChamber(string name)
    {
        AssertSilent(new EmulatedCell { Name = name, Seed = Seed });
        AssertSilent(new EmulatedCell { Name = name, Seed = Seed, GlitchShare = 1e-3 });
        AssertSilent(new EmulatedCell { Name = name, Seed = Seed, ChamberK = t => 2 * Math.Sin(2 * Math.PI * t / 86_400) });
        AssertSilent(new EmulatedCell { Name = name, Seed = Seed, ChamberK = t => (int)(t / 30_000) % 2 * 3 });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dips_AreFoundWithAndWithoutTheLowestReading(bool hasLowest)
    {
        AssertFound(
            new EmulatedCell { Name = "dne-pouch", Seed = Seed, Cycles = 9, Fault = EmulatedFaultKind.Dips, HasLowest = hasLowest },
            ShortTable.Dips.Measure);
    }

    [Fact]
    public void NoisyCharges_AreFound() => AssertFound(
        new EmulatedCell { Name = "tve-pouch", Seed = Seed, Cycles = 11, Fault = EmulatedFaultKind.NoisyCharge },
        ShortTable.Noise.Measure);

    [Fact]
    public void ALeakOf300Ohm_IsFoundAtRest() => AssertFound(
        new EmulatedCell { Name = "dne-pouch", Seed = Seed, Fault = EmulatedFaultKind.SoftShort, ShortOhm = 300 },
        ShortTable.Leak.Measure);

    [Fact]
    public void AChargeThatLeaks_IsFoundWhileItRuns()
    {
        Finding overrun = AssertFound(
            new EmulatedCell { Name = "tve-pouch", Seed = Seed, Fault = EmulatedFaultKind.SoftShort, ShortOhm = 40 },
            ShortTable.Overrun.Measure);
        Assert.InRange(overrun.Observed!.Value, overrun.Limit!.Value, overrun.Limit.Value + 0.001);
    }

    [Fact]
    public void ExtraHeat_IsFoundOnlyWithAnAmbientTemperature()
    {
        var cell = new EmulatedCell { Name = "dne-pouch", Seed = Seed, Cycles = 10, Fault = EmulatedFaultKind.ExtraHeat, HeatW = 0.03 };
        Assert.Contains(cell.Judge().Findings, f => f.Rule == RuleNames.HeatResidual);
        var blind = new EmulatedCell
        {
            Name = "dne-pouch", Seed = Seed, Cycles = 10, Fault = EmulatedFaultKind.ExtraHeat, HeatW = 0.03, HasAmbient = false,
        };
        AssertSilent(blind);
    }

    [Theory]
    [InlineData(0.0145, 3, false)]
    [InlineData(0.0155, 3, true)]
    [InlineData(0.0155, 2, false)]
    public void Dips_CountFromTheirLevelAndNumber(double depthV, int dips, bool found)
    {
        CellTrace trace = new();
        trace.Rest(300).Charge(0.5, 3000);
        for (int dip = 0; dip < dips; dip++)
        {
            for (int record = 0; record < 3; record++)
            {
                int at = 1000 + (300 * dip) + record;
                trace.Spoil(at, 0, trace.Samples[at].Values[0] - depthV);
            }
        }

        Assert.Equal(found, Runs.Whole(trace.ToArray()).Findings.Any(f => f.Rule == RuleNames.SoftShort));
    }

    [Theory]
    [InlineData(0.52, false)]
    [InlineData(0.48, true)]
    public void SymmetricPlateau_IsShortedWhereItFallsToHalf(double share, bool found)
    {
        CellTrace trace = new() { CapacityAh = 1000 };
        for (int half = 0; half < 16; half++)
        {
            double amplitudeV = 0.040 * (half < 12 ? 1 : share);
            int sign = half % 2 == 0 ? 1 : -1;
            for (int second = 0; second < 1200; second += 2)
            {
                trace.Skip(2).Record(sign * amplitudeV, sign * 0.001);
            }
        }

        ReportCollector report = Runs.Whole(trace.ToArray(), new CellProfile { Name = "symmetric", Kind = CellKind.Symmetric });
        Assert.Equal(found, report.Findings.Any(f => f.Rule == RuleNames.SoftShort && f.Measure == ShortTable.Plateau.Measure));
    }

    private static void AssertSilent(EmulatedCell cell) =>
        Assert.DoesNotContain(cell.Judge().Findings, f => f.Rule is RuleNames.SoftShort or RuleNames.HeatResidual);

    private static Finding AssertFound(EmulatedCell cell, string measure)
    {
        Finding found = Assert.Single(cell.Judge().Findings, f => f.Rule == RuleNames.SoftShort && f.Measure == measure);
        Assert.True(found.Cycle >= 6, $"cycle {found.Cycle} is before the fault");
        return found;
    }
}
