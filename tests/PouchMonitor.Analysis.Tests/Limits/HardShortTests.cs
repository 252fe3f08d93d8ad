using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Tests.Limits;

public sealed class HardShortTests
{
    // Half of 4 V is 2 V.
    [Theory]
    [InlineData(1.9990234375, true)]
    [InlineData(2.0, true)]
    [InlineData(2.0009765625, false)]
    public void HalfOfTheVoltage_GoneWithinASecond(double voltage, bool raised) =>
        Assert.Equal(raised, Fall(0.1, voltage).Has(RuleNames.HardShort));

    [Fact]
    public void Finding_LatchesWithLevelAndLimit()
    {
        Finding finding = Fall(0.1, 1.5).Only(RuleNames.HardShort);
        Assert.Equal((1.5, 4.0 * 0.5, FindingSeverity.Critical, true), (finding.Observed, finding.Limit, finding.Severity, finding.Latches));
        Assert.Equal((20 + 1) * 1_000_000L, finding.OnsetMicroseconds);
        Assert.Contains("no current is measured", finding.Message);
    }

    [Theory]
    [InlineData(0.9, false)]
    [InlineData(1.0, true)]
    [InlineData(1.1, true)]
    public void Fall_MustStayForASecond(double staysS, bool raised)
    {
        LimitRun run = new LimitRun().Every(0.1, 0, 20, t => LimitRun.Make(t, 4.0));
        run.Every(0.1, 20, 20 + staysS + 0.1, t => LimitRun.Make(t, 1.5)).Every(0.1, 21.3, 40, t => LimitRun.Make(t, 3.9));
        Assert.Equal(raised, run.Has(RuleNames.HardShort));
    }

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(1.0, true)]
    [InlineData(10.0, true)]
    [InlineData(10.1, false)] // a fall seen across more than 10 s is not known to be rapid
    public void Sampling_UpToTenSecondsIsJudged(double intervalS, bool raised)
    {
        LimitRun run = new LimitRun()
            .Every(intervalS, 0, 20 * intervalS, t => LimitRun.Make(t, 4.0))
            .Every(intervalS, 20 * intervalS, 40 * intervalS, t => LimitRun.Make(t, 0.5));
        Assert.Equal(raised, run.Has(RuleNames.HardShort));
    }

    [Fact]
    public void KneeOfADischarge_IsNoShort()
    {
        LimitRun run = new LimitRun().Every(0.5, 0, 100, t => LimitRun.Make(t, 3.4, -5));
        run.Every(0.5, 100, 110, t => LimitRun.Make(t, 3.4 - (0.09 * (t - 100)), -5)).Every(0.5, 110, 200, t => LimitRun.Make(t, 3.1, 0));
        Assert.Empty(run.Told);
    }

    [Fact]
    public void LoadStep_IsExplainedByTheCurrent_AndForgottenWhenItRecovers()
    {
        LimitRun run = new LimitRun().Every(0.5, 0, 30, t => LimitRun.Make(t, 3.6, 0));
        run.Every(0.5, 30, 50, t => LimitRun.Make(t, 1.6, -20)).Every(0.5, 50, 100, t => LimitRun.Make(t, 3.5, 0));
        Assert.Empty(run.Told);
    }

    [Fact]
    public void LoadStep_ThatDoesNotRecoverWithoutItsLoad_IsAShort()
    {
        LimitRun run = new LimitRun().Every(0.5, 0, 30, t => LimitRun.Make(t, 3.6, 0));
        run.Every(0.5, 30, 40, t => LimitRun.Make(t, 1.6, -20)).Every(0.5, 40, 60, t => LimitRun.Make(t, 0.4, 0));
        Finding finding = run.Only(RuleNames.HardShort);
        Assert.InRange(finding.OnsetMicroseconds / 1e6, 40, 42);
        Assert.Contains("which the current does not explain", finding.Message);
    }

    [Fact]
    public void Noise_OfAShuntAtRest_ExplainsNothing()
    {
        LimitRun run = new LimitRun().Every(0.5, 0, 30, t => LimitRun.Make(t, 3.6, 2.0)).Every(0.5, 30, 60, t => LimitRun.Make(t, 3.6, 0.001));
        run.Every(0.5, 60, 80, t => LimitRun.Make(t, 1.2, -0.004));
        Assert.True(run.Has(RuleNames.HardShort));
    }

    [Fact]
    public void ExternalShort_NearZeroVolts_IsAShortWhateverTheCurrent()
    {
        LimitRun run = new LimitRun().Every(0.5, 0, 30, t => LimitRun.Make(t, 4.0, 0)).Every(0.5, 30, 40, t => LimitRun.Make(t, 0.4, -60));
        Assert.True(run.Has(RuleNames.HardShort));
    }

    [Fact]
    public void HalfCell_IsNotJudgedNearZeroUnderALoad()
    {
        var half = new CellProfile { Name = "half", Kind = CellKind.Half };
        LimitRun run = new LimitRun(half).Every(0.5, 0, 30, t => LimitRun.Make(t, 3.0, 0)).Every(0.5, 30, 300, t => LimitRun.Make(t, 0.25, -0.001));
        Assert.Empty(run.Told);
    }

    [Fact]
    public void CellBelowTwoVolts_IsNotJudged() =>
        Assert.Empty(new LimitRun().Every(0.5, 0, 30, t => LimitRun.Make(t, 1.99)).Every(0.5, 30, 60, t => LimitRun.Make(t, 0.1)).Told);

    [Fact]
    public void LeadThatCameOff_IsASensorFault_AndClearsWhenItIsBack()
    {
        LimitRun run = new LimitRun().Every(0.5, 0, 30, t => LimitRun.Make(t, 4.0, surface: 25)).Every(0.5, 30, 200, t => LimitRun.Make(t, 0.0, surface: 25));
        Assert.False(run.Has(RuleNames.HardShort));
        Finding finding = run.Only(RuleNames.SensorFault);
        Assert.Equal((FindingSeverity.Critical, "voltage"), (finding.Severity, finding.Measure));
        Assert.Contains("lead is off, or the cell is shorted dead", finding.Message);
        Assert.Null(finding.ClearedMicroseconds);
        run.Every(0.5, 200, 220, t => LimitRun.Make(t, 4.0, surface: 25));
        Assert.NotNull(run.Only(RuleNames.SensorFault).ClearedMicroseconds);
    }

    [Theory]
    [InlineData(0.01, false)]
    [InlineData(0.011, true)]
    public void RestOfAVoltage_SaysThatTheCellIsStillConnected(double voltage, bool isShort) =>
        Assert.Equal(isShort, Fall(0.1, voltage).Has(RuleNames.HardShort));

    [Theory]
    [InlineData(25.984375, false)]
    [InlineData(26.0, true)]
    public void ZeroVoltsWithHeat_IsAShort(double temperature, bool isShort)
    {
        LimitRun run = new LimitRun().Every(0.5, 0, 30, t => LimitRun.Make(t, 4.0, surface: 25)).Every(0.5, 30, 60, t => LimitRun.Make(t, 0.0, surface: temperature));
        Assert.Equal(isShort, run.Has(RuleNames.HardShort));
        Assert.Equal(!isShort, run.Has(RuleNames.SensorFault));
    }

    [Theory]
    [InlineData(4.9, FindingSeverity.Critical)]
    [InlineData(5.0, FindingSeverity.Emergency)]
    public void FiveDegreesOfHeat_MakeItAnEmergency(double rise, FindingSeverity severity)
    {
        LimitRun run = new LimitRun().Every(0.1, 0, 20, t => LimitRun.Make(t, 4.0, surface: 25));
        run.Every(0.1, 20, 60, t => LimitRun.Make(t, 0.5, surface: 25 + Math.Min(rise, 0.25 * (t - 20))));
        Assert.Equal(severity, run.Only(RuleNames.HardShort).Severity);
    }

    [Fact]
    public void SpikeUpwards_IsNoLevelToFallFrom() =>
        Assert.Empty(new LimitRun().Every(10, 0, 600, t => LimitRun.Make(t, t == 300 ? 8.39 : 4.1)).Told);

    [Fact]
    public void SpikeDownwards_IsNoShort() =>
        Assert.Empty(new LimitRun().Every(0.1, 0, 60, t => LimitRun.Make(t, Math.Abs(t - 30) < 0.05 ? 0.5 : 4.1)).Told);

    private static LimitRun Fall(double intervalS, double voltage) => new LimitRun()
        .Every(intervalS, 0, 20, t => LimitRun.Make(t, 4.0))
        .Every(intervalS, 20, 30, t => LimitRun.Make(t, voltage));
}
