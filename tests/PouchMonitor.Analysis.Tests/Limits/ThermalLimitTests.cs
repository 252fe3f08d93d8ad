using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Limits;

public sealed class ThermalLimitTests
{
    private static readonly CellProfile Pouch = new() { Name = "pouch", WarningTemperatureC = 50, MaximumWorkingTemperatureC = 60 };

    [Theory]
    [InlineData(49.999, null)]
    [InlineData(50.0, FindingSeverity.Warning)]
    [InlineData(50.001, FindingSeverity.Warning)]
    [InlineData(59.999, FindingSeverity.Warning)]
    [InlineData(60.0, FindingSeverity.Critical)]
    [InlineData(60.001, FindingSeverity.Critical)]
    public void Limits_AreMetAtTheirValue(double temperature, FindingSeverity? severity)
    {
        LimitRun run = new LimitRun(Pouch).Every(0.5, 0, 20, t => LimitRun.Make(t, 3.7, surface: temperature));
        Assert.Equal(severity, run.Findings.SingleOrDefault(f => f.Rule == RuleNames.ThermalLimit)?.Severity);
    }

    [Theory]
    [InlineData(0.999, false)]
    [InlineData(1.0, true)]
    [InlineData(1.001, true)]
    public void Hold_IsOneSecond(double lastS, bool raised) =>
        Assert.Equal(raised, new LimitRun(Pouch).At(0, surface: 55).At(lastS, surface: 55).Has(RuleNames.ThermalLimit));

    [Fact]
    public void OneHotReading_IsNotBelievedAlone() =>
        Assert.Empty(new LimitRun(Pouch).At(0, surface: 25).At(10, surface: 200).At(20, surface: 25).Told);

    [Theory]
    [InlineData(48.001, false)]
    [InlineData(48.0, true)]
    [InlineData(47.999, true)]
    public void Clears_TwoDegreesBelowTheWarning_ForTenSeconds(double temperature, bool cleared)
    {
        LimitRun run = new LimitRun(Pouch).Every(1, 0, 10, t => LimitRun.Make(t, surface: 55)).Every(1, 10, 21, t => LimitRun.Make(t, surface: temperature));
        Assert.Equal(cleared ? (10 + 10) * 1_000_000L : null, run.Only(RuleNames.ThermalLimit).ClearedMicroseconds);
    }

    [Fact]
    public void AnyBelievedSensorOfTheCellCounts_AmbientNever()
    {
        Assert.Equal(
            "infraredTemperature",
            new LimitRun(Pouch).Every(1, 0, 5, t => LimitRun.Make(t, surface: 30, infrared: 55)).Only(RuleNames.ThermalLimit).Measure);
        Assert.Empty(new LimitRun(Pouch).Every(1, 0, 50, t => LimitRun.Make(t, surface: 30, ambient: 99)).Told);
        Assert.Empty(new LimitRun(Pouch).Every(1, 0, 5, t => LimitRun.With(LimitRun.Make(t, surface: 99), SampleColumns.Surface, SensorState.OutOfRange)).Told);
    }

    [Fact]
    public void Escalation_KeepsTheOnset_AndNamesTheMaximum()
    {
        LimitRun run = new LimitRun(Pouch).Every(1, 0, 30, t => LimitRun.Make(t, surface: 50 + (t / 2)));
        Finding finding = run.Complete().Only(RuleNames.ThermalLimit);
        Assert.Equal((1_000_000L, FindingSeverity.Critical, 60.0), (finding.OnsetMicroseconds, finding.Severity, finding.Limit));
        Assert.Equal(50 + (29 / 2.0), finding.Observed);
        Assert.Equal(finding.Observed, finding.MaximumTemperatureC);
        Assert.InRange(run.Told.Count, 3, 12);
    }

    [Fact]
    public void SensorLostWhileHot_KeepsTheFindingUp_ThoughTheOthersAreCool()
    {
        LimitRun run = new LimitRun(Pouch)
            .Every(1, 0, 10, t => LimitRun.Make(t, surface: 55, infrared: 30))
            .Every(1, 10, 100, t => LimitRun.Make(t, infrared: 30));
        Assert.Null(run.Only(RuleNames.ThermalLimit).ClearedMicroseconds);
        run.Every(1, 100, 120, t => LimitRun.Make(t, surface: 30, infrared: 30));
        Assert.NotNull(run.Only(RuleNames.ThermalLimit).ClearedMicroseconds);
    }

    [Fact]
    public void NotANumber_IsNoTemperature() =>
        Assert.DoesNotContain(
            new LimitRun(Pouch).Every(1, 0, 50, t => LimitRun.Make(t, surface: double.NaN, infrared: double.PositiveInfinity)).Told,
            f => f.Rule == RuleNames.ThermalLimit);
}
