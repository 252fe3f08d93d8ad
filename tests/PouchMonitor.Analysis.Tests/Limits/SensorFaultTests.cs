using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Limits;

public sealed class SensorFaultTests
{
    [Theory]
    [InlineData(SensorState.Open, "open")]
    [InlineData(SensorState.Short, "shorted")]
    [InlineData(SensorState.Frozen, "frozen")]
    [InlineData(SensorState.Saturated, "saturated")]
    [InlineData(SensorState.OutOfRange, "out of range")]
    [InlineData(SensorState.BusError, "unreadable on its bus")]
    [InlineData(SensorState.Absent, "silent")]
    public void SensorThatWasGood_IsNamedWithItsState(SensorState sensor, string word)
    {
        LimitRun run = Good().Every(1, 20, 30, t => Lost(t, sensor));
        Finding finding = run.Only(RuleNames.SensorFault);
        Assert.Equal($"surface temperature sensor is {word}", finding.Message);
        Assert.Equal((FindingSeverity.Warning, false, "surfaceTemperature"), (finding.Severity, finding.Latches, finding.Measure));
        Assert.Null(finding.Observed);
        Assert.Equal(22_000_000, finding.OnsetMicroseconds); // the third sample
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Hold_IsThreeSamples(int samples, bool raised) =>
        Assert.Equal(raised, Good().Every(1, 20, 20 + samples, t => Lost(t, SensorState.Open)).Every(1, 30, 40, Fine).Has(RuleNames.SensorFault));

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(1.1, true)]
    public void Hold_IsOneSecond(double lostS, bool raised) =>
        Assert.Equal(raised, Good().Every(0.1, 20, 20 + lostS, t => Lost(t, SensorState.Open)).Has(RuleNames.SensorFault));

    [Fact]
    public void SensorNeverGood_IsNoFault() =>
        Assert.Empty(new LimitRun().Every(1, 0, 100, t => Lost(t, SensorState.Open)).Told);

    [Fact]
    public void SensorLoggedMoreSeldom_IsNotSilent() =>
        Assert.Empty(new LimitRun().Every(1, 0, 300, t => LimitRun.Make(t, 3.7, surface: (int)t % 10 == 0 ? 25 : null)).Told);

    [Fact]
    public void Clears_AfterFiveGoodSeconds()
    {
        LimitRun run = Good().Every(1, 20, 30, t => Lost(t, SensorState.Open)).Every(1, 30, 36, Fine);
        Finding finding = run.Only(RuleNames.SensorFault);
        Assert.Equal((30 + 5) * 1_000_000L, finding.ClearedMicroseconds);
        Assert.Equal("surface temperature sensor is open", finding.Message);
    }

    [Fact]
    public void FlickeringSensor_IsOneFinding()
    {
        LimitRun run = Good().Every(1, 20, 30, t => Lost(t, SensorState.Open));
        run.Every(1, 30, 200, t => (int)t % 4 == 0 ? Lost(t, SensorState.Open) : Fine(t));
        Assert.Single(run.Findings);
        Assert.Null(run.Findings[0].ClearedMicroseconds);
    }

    [Fact]
    public void TwoSensors_AreOneFindingNamingBoth_CriticalWithTheVoltage()
    {
        LimitRun run = Good().Every(1, 20, 24, t => Lost(t, SensorState.Open));
        run.Every(1, 24, 30, t => LimitRun.With(Lost(t, SensorState.Open), SampleColumns.Voltage, SensorState.BusError));
        Finding finding = run.Only(RuleNames.SensorFault);
        Assert.Equal(FindingSeverity.Critical, finding.Severity);
        Assert.Equal("voltage sensor is unreadable on its bus, surface temperature sensor is open", finding.Message);
    }

    [Theory]
    [InlineData(SensorState.Open)]
    [InlineData(SensorState.Saturated)]
    [InlineData(SensorState.BusError)]
    public void TemperatureLostAfterARapidVoltageDrop_IsToldAtOnceAndLatches(SensorState sensor)
    {
        LimitRun run = Good().Every(0.5, 20, 23, t => LimitRun.Make(t, 2.5, surface: 25));
        run.Rules.Add(LimitRun.With(LimitRun.Make(23, 2.5), SampleColumns.Surface, sensor));
        Finding finding = run.Only(RuleNames.SensorFault);
        Assert.Equal((23_000_000L, FindingSeverity.Critical, true), (finding.OnsetMicroseconds, finding.Severity, finding.Latches));
        run.Every(0.5, 23.5, 60, t => LimitRun.Make(t, 2.5, surface: 25));
        Assert.Null(run.Only(RuleNames.SensorFault).ClearedMicroseconds);
    }

    /// <summary>At one reading a second the level before the drop is two readings old at the second one after it.</summary>
    [Theory]
    [InlineData(1, 2.7, true)]
    [InlineData(1, 2.8, false)]
    [InlineData(2, 2.7, true)]
    public void TemperatureLostAfterADropReadSlowly_Latches(double intervalS, double droppedV, bool latches)
    {
        LimitRun run = new LimitRun().Every(intervalS, 0, 20, t => LimitRun.Make(t, 3.7, surface: 25))
            .Every(intervalS, 20, 20 + (2 * intervalS), t => LimitRun.Make(t, droppedV - (0.01 * (t - 20)), surface: 25));
        double lostS = 20 + (2 * intervalS);
        for (int i = 0; i < 4; i++)
        {
            run.Rules.Add(LimitRun.With(LimitRun.Make(lostS + (i * intervalS), droppedV - 0.05), SampleColumns.Surface, SensorState.Open));
        }

        Assert.Equal(latches, run.Only(RuleNames.SensorFault).Latches);
    }

    [Fact]
    public void TemperatureLostAfterARiseOfOneDegreeASecond_IsToldAtOnce()
    {
        LimitRun run = Good().Every(0.5, 20, 22, t => LimitRun.Make(t, 3.7, surface: 25 + (2 * (t - 20))));
        run.Rules.Add(Lost(22, SensorState.Open));
        Finding finding = run.Only(RuleNames.SensorFault);
        Assert.Equal((22_000_000L, true), (finding.OnsetMicroseconds, finding.Latches));
        Assert.Contains("the heat may have taken it", finding.Message);
    }

    [Fact]
    public void OneLostReading_InAHealthyCell_IsNotTold()
    {
        LimitRun run = Good();
        run.Rules.Add(Lost(20, SensorState.Open));
        Assert.Empty(run.Every(1, 21, 40, Fine).Told);
    }

    [Theory]
    [InlineData(3590, true)]
    [InlineData(3700, false)]
    public void Anomaly_LastsAnHour(double laterS, bool atOnce)
    {
        LimitRun run = Good().Every(0.5, 20, 23, t => LimitRun.Make(t, 2.5, surface: 25)).Every(5, 25, 20 + laterS, t => LimitRun.Make(t, 2.5, surface: 25));
        run.Rules.Add(Lost(20 + laterS, SensorState.Open));
        Assert.Equal(atOnce, run.Has(RuleNames.SensorFault));
    }

    private static LimitRun Good() => new LimitRun().Every(0.5, 0, 20, Fine);

    private static Sample Fine(double seconds) => LimitRun.Make(seconds, 3.7, surface: 25);

    private static Sample Lost(double seconds, SensorState sensor) =>
        LimitRun.With(LimitRun.Make(seconds, 3.7), SampleColumns.Surface, sensor);
}
