using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Tests.Limits;

/// <summary><c>heating-rate</c> and <c>thermal-runaway</c>: dT/dt over 1 s, by time.</summary>
public sealed class HeatingTests
{
    private static readonly CellProfile Maker = new() { Name = "maker", MaximumWorkingTemperatureC = 60 };

    // 0.125 s, and rates with few binary digits, keep T(t) - T(t - 1 s) exact.
    [Theory]
    [InlineData(0.984375, false)]
    [InlineData(1.0, true)]
    [InlineData(1.015625, true)]
    public void HeatingRate_IsMetAtItsLimit(double rate, bool raised)
    {
        LimitRun run = new LimitRun().Every(0.125, 0, 5, t => LimitRun.Make(t, 3.7, surface: 25 + (rate * t)));
        Assert.Equal(raised, run.Has(RuleNames.HeatingRate));
        if (raised)
        {
            Finding finding = run.Only(RuleNames.HeatingRate);
            Assert.Equal((FindingSeverity.Critical, rate, 1.0, "C/s"), (finding.Severity, finding.Observed!.Value, finding.Limit!.Value, finding.Unit));
            Assert.Equal(2_125_000, finding.OnsetMicroseconds); // the first rate is at 1 s; more than 1 s later
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(1.0)]
    [InlineData(2.0)]
    public void CoarseSensor_OneStepRaisesNothing(double intervalS)
    {
        LimitRun run = new LimitRun().Every(intervalS, 0, 60, t => LimitRun.Make(t, 3.7, surface: t < 30 ? 25 : 27));
        Assert.Empty(run.Told);
    }

    [Theory]
    [InlineData(2.5, true)]
    [InlineData(2.6, false)]
    public void SlowSampling_HasNoRate(double intervalS, bool judged) =>
        Assert.Equal(judged, new LimitRun().Every(intervalS, 0, 60, t => LimitRun.Make(t, 3.7, surface: 25 + (5 * t))).Has(RuleNames.HeatingRate));

    [Fact]
    public void OneSpike_RaisesNothing() =>
        Assert.Empty(new LimitRun().Every(0.1, 0, 30, t => LimitRun.Make(t, 3.7, surface: Math.Abs(t - 15) < 0.01 ? 90 : 25)).Told);

    [Fact]
    public void HeatingRate_ClearsWhenTheSensorSaysSo_NotWhenItIsLost()
    {
        LimitRun hot = new LimitRun().Every(0.5, 0, 6, t => LimitRun.Make(t, 3.7, surface: 25 + (2 * t), infrared: 25));
        hot.Every(0.5, 6, 60, t => LimitRun.Make(t, 3.7, infrared: 25));
        Assert.Null(hot.Only(RuleNames.HeatingRate).ClearedMicroseconds);

        LimitRun cooled = new LimitRun().Every(0.5, 0, 6, t => LimitRun.Make(t, 3.7, surface: 25 + (2 * t)));
        cooled.Every(0.5, 6, 60, t => LimitRun.Make(t, 3.7, surface: 37));
        Assert.NotNull(cooled.Only(RuleNames.HeatingRate).ClearedMicroseconds);
    }

    // The rate is first defined (and met) at 1 s, so "more than 3 s" ends at 4 s + one interval.
    [Theory]
    [InlineData(4.0, false)]
    [InlineData(4.125, true)]
    public void Runaway_NeedsMoreThanThreeSeconds(double untilS, bool raised)
    {
        LimitRun run = new LimitRun().Every(0.125, 0, 10, t => LimitRun.Make(t, 4.0, surface: 25));
        run.Every(0.125, 10, 10 + untilS + 0.125, t => LimitRun.Make(t, 2.9, surface: 25 + t - 10));
        Assert.Equal(raised, run.Has(RuleNames.ThermalRunaway));
    }

    // More than 25 % below the initial 4 V is below 4 * 0.75 = 3 V.
    [Theory]
    [InlineData(3.0009765625, false)]
    [InlineData(3.0, false)]
    [InlineData(2.9990234375, true)]
    public void Runaway_NeedsMoreThanAQuarterOfTheInitialVoltageGone(double voltage, bool raised)
    {
        LimitRun run = new LimitRun().Every(0.125, 0, 10, t => LimitRun.Make(t, 4.0, surface: 25));
        run.Every(0.125, 10, 20, t => LimitRun.Make(t, voltage, surface: 25 + (2 * (t - 10))));
        Assert.Equal(raised, run.Has(RuleNames.ThermalRunaway));
    }

    [Fact]
    public void Runaway_ByTheMakersMaximum_NeedsNoVoltage()
    {
        LimitRun run = new LimitRun(Maker).Every(0.125, 0, 60, t => LimitRun.Make(t, surface: 25 + t));
        Finding finding = run.Only(RuleNames.ThermalRunaway);
        Assert.Equal((60 - 25) * 1_000_000L, finding.OnsetMicroseconds);
        Assert.Contains("60 C is at or above the maximum of 60 C", finding.Message);
    }

    [Fact]
    public void SlowHeat_IsNoRunaway_HoweverHot() =>
        Assert.False(new LimitRun(Maker).Every(0.5, 0, 300, t => LimitRun.Make(t, t < 20 ? 4.0 : 1.0, surface: 25 + (0.9 * t))).Has(RuleNames.ThermalRunaway));

    [Fact]
    public void RunawayRateOnAmbient_IsIgnored() =>
        Assert.Empty(new LimitRun(Maker).Every(0.5, 0, 60, t => LimitRun.Make(t, 3.7, surface: 25, ambient: 25 + (3 * t))).Told);

    [Fact]
    public void Break_InTheRate_StartsTheThreeSecondsAnew()
    {
        static double Course(double t) => t < 2.5 ? 2 * t : t < 5 ? 5 : 5 + (2 * (t - 5));
        LimitRun run = new LimitRun().Every(0.125, 0, 10, t => LimitRun.Make(t, 4.0, surface: 25));
        run.Every(0.125, 10, 18, t => LimitRun.Make(t, 2.0, surface: 25 + Course(t - 10)));
        Assert.False(run.Has(RuleNames.ThermalRunaway));
    }

    [Fact]
    public void InitialVoltage_IsTheMedianOfTheFirstFiveSeconds_NotAGlitchAtTheStart()
    {
        LimitRun run = new LimitRun().Every(0.125, 0, 10, t => LimitRun.Make(t, t < 0.5 ? 8.4 : 4.0, surface: 25));
        run.Every(0.125, 10, 30, t => LimitRun.Make(t, 3.5, surface: 25 + (2 * (t - 10)))); // below 8.4 * 0.75, above 4 * 0.75
        Assert.False(run.Has(RuleNames.ThermalRunaway));
    }

    // A record that begins 1.8 s before the collapse: of the first 5 s most are already short-circuited.
    [Fact]
    public void InitialVoltage_IsThatBeforeAFallWithinTheFirstSeconds()
    {
        LimitRun run = new LimitRun().Every(0.1, 0, 1.8, t => LimitRun.Make(t, 4.1, surface: 25));
        run.Every(0.1, 1.8, 20, t => LimitRun.Make(t, 0.2, surface: 25 + (2 * (t - 1.8))));
        Finding finding = run.Complete().Only(RuleNames.ThermalRunaway);
        Assert.Contains("below the initial 4.1 V", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(59.9, 2)]
    [InlineData(60.0, 3)]
    [InlineData(130.0, 4)]
    [InlineData(250.0, 5)]
    public void HazardLevel_FollowsTheMaximumSince(double peak, int level)
    {
        LimitRun run = new LimitRun().Every(0.1, 0, 10, t => LimitRun.Make(t, 4.0, surface: 25));
        run.Every(0.1, 10, 80, t => LimitRun.Make(t, 0.3, surface: Math.Min(peak, 25 + (4 * (t - 10)))));
        Finding finding = run.Complete().Only(RuleNames.ThermalRunaway);
        Assert.Equal((level, peak), (finding.ProposedHazardLevel, finding.MaximumTemperatureC));
        Assert.True(finding.Latches);
    }

    [Fact]
    public void PeakIsToldOncePast_WithoutWaitingForTheEnd()
    {
        LimitRun run = new LimitRun().Every(0.1, 0, 10, t => LimitRun.Make(t, 4.0, surface: 25));
        run.Every(0.1, 10, 20, t => LimitRun.Make(t, 0.3, surface: 25 + (2 * (t - 10))));
        run.Every(0.1, 20, 40, t => LimitRun.Make(t, 0.3, surface: 45 - (t - 20)));
        int told = run.Told.Count;
        Assert.Equal(45, run.Only(RuleNames.ThermalRunaway).MaximumTemperatureC);
        Assert.Equal(told, run.Complete().Told.Count);
    }
}
