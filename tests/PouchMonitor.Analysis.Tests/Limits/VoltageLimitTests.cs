using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Tests.Limits;

public sealed class VoltageLimitTests
{
    private static readonly CellProfile Window = new() { Name = "window", MinimumVoltageV = 3.0, MaximumVoltageV = 4.0 };

    // 20 mV outside the window is ordinary, more is not; powers of two keep the sums exact.
    [Theory]
    [InlineData(4.0 + 0.02 - 0.001, false)]
    [InlineData(4.0 + 0.02 + 0.001, true)]
    [InlineData(3.0 - 0.02 + 0.001, false)]
    [InlineData(3.0 - 0.02 - 0.001, true)]
    public void Margin_IsTwentyMillivolts(double voltage, bool raised)
    {
        LimitRun run = new LimitRun(Window).Every(1, 0, 60, t => LimitRun.Make(t, voltage));
        Assert.Equal(raised, run.Has(RuleNames.VoltageLimit));
    }

    [Fact]
    public void ExactlyTheMargin_IsNotOutside()
    {
        var profile = new CellProfile { Name = "zero", MinimumVoltageV = 0, MaximumVoltageV = 0.0 };
        Assert.False(new LimitRun(profile).Every(1, 0, 60, t => LimitRun.Make(t, 0.02)).Has(RuleNames.VoltageLimit));
        Assert.True(new LimitRun(profile).Every(1, 0, 60, t => LimitRun.Make(t, Math.BitIncrement(0.02))).Has(RuleNames.VoltageLimit));
    }

    [Theory]
    [InlineData(1.9, false)]
    [InlineData(2.0, true)]
    [InlineData(2.1, true)]
    public void Hold_IsTwoSeconds(double lastS, bool raised)
    {
        LimitRun run = new LimitRun(Window).At(0, 4.2).At(1, 4.2).At(lastS, 4.2);
        Assert.Equal(raised, run.Has(RuleNames.VoltageLimit));
    }

    [Fact]
    public void OneReadingIsNeverEnough_HoweverLongItStands()
    {
        LimitRun run = new LimitRun(Window).At(0, 3.5).At(600, 9.0).At(1200, 3.5);
        Assert.Empty(run.Told);
        Assert.True(new LimitRun(Window).At(0, 3.5).At(600, 4.2).At(1200, 4.2).Has(RuleNames.VoltageLimit));
    }

    [Fact]
    public void Finding_NamesWorstReadingAndLimit_AndClearsInsideTheWindow()
    {
        LimitRun run = new LimitRun(Window)
            .Every(1, 0, 10, t => LimitRun.Make(t, 4.05))
            .Every(1, 10, 11, t => LimitRun.Make(t, 4.06))
            .Every(1, 11, 20, t => LimitRun.Make(t, 4.01)) // back within the margin, not within the window
            .Every(1, 20, 40, t => LimitRun.Make(t, 3.9));
        Finding finding = run.Only(RuleNames.VoltageLimit);
        Assert.Equal((2_000_000L, FindingSeverity.Warning, 4.06, 4.0), (finding.OnsetMicroseconds, finding.Severity, finding.Observed, finding.Limit));
        Assert.Equal((20 + 5) * 1_000_000L, finding.ClearedMicroseconds);
        Assert.Contains("4.06 V", finding.Message);
        Assert.Contains("4 V", finding.Message);
        Assert.Equal(2, run.Told.Count);
    }

    [Theory]
    [InlineData(4.0 + 0.099, FindingSeverity.Warning)]
    [InlineData(4.0 + 0.101, FindingSeverity.Critical)]
    [InlineData(3.0 - 0.499, FindingSeverity.Warning)]
    [InlineData(3.0 - 0.501, FindingSeverity.Critical)]
    public void FarOutside_IsCritical(double voltage, FindingSeverity severity) =>
        Assert.Equal(severity, new LimitRun(Window).Every(1, 0, 9, t => LimitRun.Make(t, voltage)).Only(RuleNames.VoltageLimit).Severity);

    [Fact]
    public void Worsening_ChangesTheSameFinding_AndStaysCriticalUntilItClears()
    {
        LimitRun run = new LimitRun(Window)
            .Every(1, 0, 5, t => LimitRun.Make(t, 4.05))
            .Every(1, 5, 9, t => LimitRun.Make(t, 4.3))
            .Every(1, 9, 12, t => LimitRun.Make(t, 4.05));
        Finding finding = run.Only(RuleNames.VoltageLimit);
        Assert.Equal((FindingSeverity.Critical, 4.3), (finding.Severity, finding.Observed));
        Assert.Null(finding.ClearedMicroseconds);
    }

    [Fact]
    public void Chatter_AroundTheMargin_IsOneFinding()
    {
        LimitRun run = new LimitRun(Window)
            .Every(1, 0, 4, t => LimitRun.Make(t, 4.05))
            .Every(1, 4, 200, t => LimitRun.Make(t, (int)t % 2 == 0 ? 4.019 : 4.021));
        Assert.Single(run.Told);
    }

    [Fact]
    public void MissingVoltage_NeitherRaisesNorClears()
    {
        LimitRun run = new LimitRun(Window).Every(1, 0, 4, t => LimitRun.Make(t, 4.2)).Every(1, 4, 100, t => LimitRun.Make(t, surface: 25));
        Assert.Null(run.Only(RuleNames.VoltageLimit).ClearedMicroseconds);
    }

    [Fact]
    public void SecondTime_IsAnotherFinding()
    {
        LimitRun run = new LimitRun(Window);
        for (int i = 0; i < 3; i++)
        {
            run.Every(1, i * 100, (i * 100) + 10, t => LimitRun.Make(t, 4.2)).Every(1, (i * 100) + 10, (i * 100) + 20, t => LimitRun.Make(t, 3.5));
        }

        Assert.Equal(3, run.Findings.Count);
        Assert.All(run.Findings, f => Assert.NotNull(f.ClearedMicroseconds));
    }

    [Fact]
    public void LastExtreme_IsToldAtTheEnd()
    {
        LimitRun run = new LimitRun(Window).Every(1, 0, 5, t => LimitRun.Make(t, 4.2)).At(5, 4.21);
        Assert.Equal(4.2, run.Only(RuleNames.VoltageLimit).Observed);
        Assert.Equal(4.21, run.Complete().Only(RuleNames.VoltageLimit).Observed);
    }

    [Fact]
    public void UnknownWindow_IsNotJudged() =>
        Assert.Empty(new LimitRun().Every(1, 0, 100, t => LimitRun.Make(t, 9.0)).Told);
}
