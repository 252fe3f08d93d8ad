using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Analysis.Tests.Detection;

/// <summary>Resistance of current steps against the first ones like them, at less, equal and more than each level.</summary>
public sealed class ResistanceRiseTests
{
    private readonly ReportCollector findings = new();
    private ResistanceRiseDetector rule;
    private int cycle;

    public ResistanceRiseTests() => rule = new ResistanceRiseDetector(new CellProfile { Name = "cell", ReferenceCycle = 1 }, findings);

    [Theory]
    [InlineData(149.9, null)]
    [InlineData(150.1, FindingSeverity.Advisory)]
    [InlineData(199.9, FindingSeverity.Advisory)]
    [InlineData(200.1, FindingSeverity.Warning)]
    public void Rise_IsRaisedAtItsLevelAfterThreeSteps(double milliohm, FindingSeverity? severity)
    {
        Steps(100, 100, 100, milliohm, milliohm);
        Assert.Empty(findings.Findings);
        Steps(milliohm);

        Assert.Equal(severity, findings.Findings.SingleOrDefault()?.Severity);
        Assert.All(findings.Findings, finding => Assert.Equal(4, finding.Cycle));
    }

    [Fact]
    public void OneOutlier_RaisesNothing_AndTheBaselineIsAMedian()
    {
        Steps(100, 500, 100, 120, 300, 120, 120, 149, 149);

        Assert.Empty(findings.Findings);
    }

    [Fact]
    public void OnlyLikeStepsAreCompared()
    {
        Steps(100, 100, 100);
        for (int i = 0; i < 3; i++)
        {
            Take(Step(210) with { StepA = 2 });
            Take(Step(210) with { VoltageBeforeV = 3.5 });
            Take(Step(210), temperatureC: 5);
            Take(Step(210) with { R10sOhm = null, R30sOhm = 0.21 });
        }

        Assert.Empty(findings.Findings);
    }

    [Fact]
    public void TheWarningTakesThePlaceOfTheAdvisory_AndClearsBelowItsClearLevel()
    {
        Steps(100, 100, 100, 160, 160, 160, 210, 210, 210);
        Assert.Equal([FindingSeverity.Advisory, FindingSeverity.Warning], findings.Findings.Select(finding => finding.Severity));
        Assert.NotNull(findings.Findings[0].ClearedMicroseconds);

        Steps(185, 185, 185);
        Assert.Null(findings.Findings[1].ClearedMicroseconds);
        Steps(179, 179, 179);
        Assert.NotNull(findings.Findings[1].ClearedMicroseconds);
    }

    [Fact]
    public void MakingRoomForOtherSteps_EndsNoAlarm()
    {
        Steps(100, 100, 100, 210, 210, 210);
        for (int kind = 0; kind < 20; kind++)
        {
            Take(Step(100) with { VoltageBeforeV = 3 + (0.05 * kind) });
        }

        Assert.Null(Assert.Single(findings.Findings).ClearedMicroseconds);
        Steps(100, 100, 100);
        Assert.NotNull(Assert.Single(findings.Findings).ClearedMicroseconds);
    }

    [Fact]
    public void ARiseOfLessThanHalfAMilliohm_IsNotCounted()
    {
        Steps(0.3, 0.3, 0.3, 0.7, 0.7, 0.7);

        Assert.Empty(findings.Findings);
    }

    [Fact]
    public void StepsBeforeTheReferenceCycle_AreNoBaseline()
    {
        rule = new ResistanceRiseDetector(new CellProfile { Name = "cell", ReferenceCycle = 3 }, findings);
        Steps(50, 50, 100, 100, 100, 110, 110, 110);

        Assert.Empty(findings.Findings);
    }

    [Fact]
    public void StateGoesOnFromASnapshot()
    {
        Steps(100, 100, 100, 210, 210);
        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            rule.Save(writer);
        }

        stream.Position = 0;
        rule = new ResistanceRiseDetector(new CellProfile { Name = "cell", ReferenceCycle = 1 }, findings);
        using BinaryReader reader = new(stream);
        rule.Load(reader);
        Steps(210);

        Finding finding = Assert.Single(findings.Findings);
        Assert.Equal(0.2, finding.Limit!.Value, 1e-12);
        Assert.Contains("210 mOhm, 2.10 times the 100 mOhm", finding.Message, StringComparison.Ordinal);
    }

    private static PulseResistance Step(double milliohm) => new()
    {
        TimeMicroseconds = 0, CurrentA = -1, StepA = -1, VoltageBeforeV = 4.2, R10sOhm = milliohm / 1000,
    };

    private void Steps(params double[] milliohms)
    {
        foreach (double milliohm in milliohms)
        {
            Take(Step(milliohm));
        }
    }

    private void Take(PulseResistance pulse, double temperatureC = 25)
    {
        cycle++;
        rule.Take(pulse with { TimeMicroseconds = cycle * 1_000_000L }, temperatureC, cycle);
    }
}
