using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>What warns of a runaway is what the cell does, not what the plan does to it.</summary>
public sealed class AbuseWarningTests
{
    private static readonly CellProfile Cell = CellProfiles.Default with { WarningTemperatureC = 50, MaximumWorkingTemperatureC = 60 };

    [Theory]
    [InlineData("oven-gb")]
    [InlineData("oven-ul1642")]
    [InlineData("arc-ul9540a")]
    public void AnOvensRamp_IsNoWarning(string plan)
    {
        // 5 C/min up to 130 C at 1275 s, kept; the cell runs away at 1800 s by 3 C/s, near its rate of 0.8 C/s at once.
        static double Temperature(double at) => Math.Min(130, 25 + (at / 12)) + (3 * Math.Clamp(at - 1800, 0, 60));
        AbuseRun run = new(AbusePlans.Find(plan)!, Cell);
        AbuseFigures figures = run.Every(1, 0, 2000, at => AbuseRun.Of(at, at < 1802 ? 4 : 0.2, Temperature(at))).End(1999);
        Assert.NotNull(figures.Of("timeToRunawayS").Value);
        Assert.InRange(figures.Of("warningToRunawayS").Value!.Value, 1, 10);
    }

    [Fact]
    public void TheAmbientOfT5_IsNoWarning_ButALimitAboveItIs()
    {
        // 57 C before the short at 100 s, which heats by 0.5 C/s to 107 C at 200 s, and by 2 C/s from there on.
        static double Temperature(double at) => 57 + (0.5 * Math.Clamp(at - 100, 0, 100)) + (2 * Math.Clamp(at - 200, 0, 30));
        AbuseRun run = new(AbusePlans.Find("short-un38.3-t5")!, Cell with { MaximumWorkingTemperatureC = 90 });
        AbuseFigures figures = run.Every(1, 0, 300, at => AbuseRun.Of(at, at < 210 ? 4 : 0.1, Temperature(at), at < 100 ? 0 : -8)).End(299);
        AbuseValue warning = figures.Of("warningToRunawayS");
        Assert.Equal("thermal-limit", warning.Sensor);

        // 90 C at 166 s, at two readings and for a second.
        Assert.Equal(167, warning.At!.Value - warning.Value!.Value, 1.01);
    }

    [Fact]
    public void AWarningBeforeTheTrigger_SaysSo_AndNoneCountsFromBeforeArming()
    {
        // Warmed to 70 C and cooled again, armed at 130 s, warmed slowly to 52 C, past the warning of 50 C at 190 s; the nail comes at 250 s.
        static double Temperature(double at) => at < 20 ? 25 : at < 70 ? 25 + (0.9 * (at - 20)) : at < 120 ? 70 - (0.9 * (at - 70))
            : at < 140 ? 25 : at < 250 ? Math.Min(52, 25 + (0.5 * (at - 140))) : 52 + (2 * Math.Min(at - 250, 30));
        AbuseRun run = new(AbusePlans.Find("nail-gb")!, Cell, ruleFromS: 130);
        AbuseFigures figures = run.Every(0.5, 0, 300, at => AbuseRun.Of(at, at < 250 ? 4 : 0.1, Temperature(at))).End(299);
        Assert.Equal(250, figures.Trigger!.At);
        AbuseValue warning = figures.Of("warningToRunawayS");
        Assert.EndsWith(", before the trigger", warning.Sensor, StringComparison.Ordinal);
        Assert.InRange(warning.At!.Value - warning.Value!.Value, 189, 192);
    }
}
