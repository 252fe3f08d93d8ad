using System.Text.Json;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Tests.Support;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Report;

/// <summary>What the second reading of a test adds to its report.</summary>
public sealed class SecondReadingTests
{
    [Fact]
    public void Halves_AreThoseOfTheDifferentialPass()
    {
        Sample[] samples = new PeakCell().Cycle(0.5, heldSeconds: 600).Cycle(0.5).Rest(60).ToArray();
        var alone = new DifferentialRun(samples);
        TestDetail detail = ReportRun.Of(samples).Detail!;
        Assert.Equal(alone.Halves.Select(half => (half.Cycle, half.Half, half.RateA, half.Reason)), detail.Halves.Select(half => (half.Cycle, half.Half, half.RateA, half.Reason)));
        Assert.Equal(alone.Halves.SelectMany(half => half.Peaks), detail.Halves.SelectMany(half => half.Peaks));
        Assert.Equal(PeakCell.Ncm.Length * 2, detail.Separations.Count);
    }

    [Fact]
    public void ShownCycles_AreTheFirstTheReferenceAndTheLastThatIsLikeIt()
    {
        // A slow first cycle, three at 1 A of which the profile names the second as reference, one at another rate.
        var trace = new CellTrace { IntervalSeconds = 10 };
        trace.Cycle(0.5).Cycle().Cycle().Cycle().Cycle(2).Rest(60);
        AnalysisReport report = ReportRun.Of(trace.ToArray(), profile: Runs.Unknown with { ReferenceCycle = 3 });
        Assert.Equal([(1, "first"), (3, "reference"), (4, "last")], report.Detail!.Shown.Select(shown => (shown.Cycle, shown.Role)));
    }

    [Fact]
    public void ACycleThatBeganPartWay_IsNotTheOneWhoseCurvesAreShown()
    {
        var trace = new CellTrace { IntervalSeconds = 10 };
        trace.Charge(1, 3600).Rest(300);
        int from = trace.Count - 60;
        trace.Discharge(1, 3600).Cycle().Cycle().Rest(60);
        AnalysisReport report = ReportRun.Of(trace.ToArray()[(from - 30)..]);
        Assert.Equal(CycleQuality.Partial, report.Cycles[0].Quality);
        Assert.Equal([(2, "first"), (3, "last")], report.Detail!.Shown.Select(shown => (shown.Cycle, shown.Role)));
    }

    [Fact]
    public void VoltageOverCharge_EndsAtTheCapacityOfTheHalf_AndIsTheCellsOwnLine()
    {
        var trace = new CellTrace { IntervalSeconds = 5 };
        AnalysisReport report = ReportRun.Of(trace.Cycle().Cycle().Rest(60).ToArray());
        ShownCycle shown = report.Detail!.Shown[0];
        VoltageCurve discharge = shown.Discharge!.Voltage!;
        Assert.Equal(report.Cycles[0].DischargeCapacityAh!.Value, discharge.ChargeAh[^1], 1e-9);
        Assert.Equal(report.Cycles[0].ChargeCapacityAh!.Value, shown.Charge!.Voltage!.ChargeAh[^1], 1e-9);
        Assert.All(discharge.ChargeAh.Zip(discharge.VoltageV), point => Assert.Equal(4.0 - point.First - (1 * trace.ResistanceOhm), point.Second, 1e-6));
        Assert.InRange(discharge.ChargeAh.Count, 90, 400);
    }

    [Fact]
    public void Trace_IsThinned_AndKeepsASpikeOfOneSample()
    {
        var trace = new CellTrace { IntervalSeconds = 1, TemperatureC = 25 };
        trace.Rest(20_000);
        int spike = 12_345;
        trace.Spoil(spike, SampleColumns.Surface, 31);
        TestDetail detail = ReportRun.Of(trace.ToArray()).Detail!;
        Assert.InRange(detail.Trace.Rows.Count, 1000, 1400);
        Assert.Equal(31, detail.Trace.Rows.Max(row => row.Values[SampleColumns.Surface]));
        Assert.Equal(detail.Trace.Rows.Select(row => row.TimeMicroseconds).Order(), detail.Trace.Rows.Select(row => row.TimeMicroseconds));
    }

    [Fact]
    public void AReadingThatWasNotBelieved_IsInNoTrace()
    {
        var trace = new CellTrace { IntervalSeconds = 1 };
        trace.Cycle().Rest(10);
        trace.Spoil(2000, SampleColumns.Voltage, 8.39);
        AnalysisReport report = ReportRun.Of(trace.ToArray());
        Assert.Contains(report.Findings, finding => finding.Rule == "bad-reading");
        Assert.InRange(report.Detail!.Trace.Rows.Max(row => row.Values[SampleColumns.Voltage]), 4, 4.2);
    }

    [Fact]
    public void WithoutAnySample_ThereIsNothing_AndNoFault()
    {
        TestDetail detail = ReportRun.Of([]).Detail!;
        Assert.Empty(detail.Halves);
        Assert.Empty(detail.Shown);
        Assert.Empty(detail.Trace.Rows);
    }

    [Fact]
    public void TheJson_HoldsStandingPeaksAndCurves()
    {
        AnalysisReport report = ReportRun.Of(new PeakCell().Cycle(0.5).Cycle(0.5).Rest(60).ToArray());
        using JsonDocument json = ReportRun.Json(report);
        Assert.Equal("unknown", json.RootElement.GetProperty("profile").GetString());
        Assert.Equal(report.Standing!.SampleCount, json.RootElement.GetProperty("sampleCount").GetInt64());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("projection").ValueKind);
        JsonElement dqdv = json.RootElement.GetProperty("dqdv");
        Assert.Equal(
            report.Detail!.Halves.SelectMany(half => half.Peaks).Select(peak => peak.PositionV),
            dqdv.GetProperty("halfCycles").EnumerateArray().SelectMany(half => half.GetProperty("peaks").EnumerateArray()).Select(peak => peak.GetProperty("positionV").GetDouble()));
        JsonElement curve = dqdv.GetProperty("curves").EnumerateArray().First(one => one.GetProperty("half").GetString() == "discharge");
        Assert.Equal(
            report.Detail.Shown[0].Discharge!.Differential!.DensityAhPerV,
            curve.GetProperty("dqdv").GetProperty("densityAhPerV").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal(StepKind.Charge, report.Detail.Halves[0].Half);
    }

    /// <summary>The cycles that a report compares are those that the rules compared: the last retention is theirs.</summary>
    [Theory]
    [InlineData("nasa_b0005", 1, 160)]
    [InlineData("neware_ife_20cyc", 1, 10)]
    public void TheLastRetentionOfARealTest_IsTheOneOfTheRules(string name, int reference, int least)
    {
        AnalysisReport report = ReportRun.Of(RealSeries.Load(name), profile: Runs.Unknown with { ReferenceCycle = reference });
        ComparableCycles comparable = ComparableCycles.Of(report.Standing!.Profile, report.Cycles, report.Steps);
        Assert.InRange(comparable.Cycles.Count, least, report.Cycles.Count);
        Assert.Equal(report.Standing.Retention!.Value, comparable.Cycles[^1].Retention, 1e-12);
    }
}
