using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>Where a sensor's scale or wire ends, its reading is a bound or none, and never a measured maximum.</summary>
public sealed class EndOfScaleTests
{
    private const double LimitC = 360.1418;

    /// <summary>An infrared camera in flicker: it touches its limit, leaves it, comes back, and stays there for a while.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    public void ALimitThatIsTouchedAndLeft_IsABound(int readings)
    {
        Random random = new(11);
        AbuseFigures figures = new AbuseRun("crush-gb").Every(0.25, 0, 200, at => AbuseRun.Of(at, at < 100 ? 4 : 0.1, Camera(at, readings, random))).End(200);
        AssertBound(figures, LimitC);
    }

    /// <summary>A camera that shows one picture for some seconds and then goes on has no limit there.</summary>
    [Fact]
    public void AReadingThatStandsStillAndRisesOn_IsNoBound()
    {
        Random random = new(12);
        double held = 0;
        AbuseFigures figures = new AbuseRun("crush-gb").Every(0.25, 0, 200, at =>
        {
            double true1 = at < 100 ? 25 : 25 + (60 * (1 - Math.Exp((100 - at) / 20)));
            held = at is > 110 and < 112.5 ? held : Math.Round(true1 + (0.03 * (random.NextDouble() - 0.5)), 5);
            return AbuseRun.Of(at, at < 100 ? 4 : 0.1, held);
        }).End(200);
        AbuseValue maximum = figures.Values.Single(value => value.Id == "maximumSurfaceC");
        Assert.NotNull(maximum.Uncertainty);
        Assert.InRange(maximum.Value!.Value, 84, 85.5);
    }

    /// <summary>A true maximum comes to rest before it falls.</summary>
    [Fact]
    public void ATrueMaximum_IsNoBound()
    {
        Random random = new(13);
        for (int run = 0; run < 20; run++)
        {
            double width = 3 + (10 * random.NextDouble());
            AbuseFigures figures = new AbuseRun("crush-gb").Every(0.1, 0, 200, at =>
            {
                double noise = 0.004 * (random.NextDouble() + random.NextDouble() - 1);
                double hot = 300 * Math.Exp(-Math.Pow((at - 130) / width, 2));
                return AbuseRun.Of(at, at < 110 ? 4 : 0.1, Math.Round(25 + hot + noise, 3));
            }).End(200);
            AbuseValue maximum = figures.Values.Single(value => value.Id == "maximumSurfaceC");
            Assert.NotNull(maximum.Uncertainty);
            Assert.Equal(325, maximum.Value!.Value, 0.1);
        }
    }

    /// <summary>Loggers put an open thermocouple at the upper end of its table.</summary>
    [Theory]
    [InlineData(1372, 0)]
    [InlineData(1300, 0)]
    [InlineData(1820, 0)]
    [InlineData(1372, 2)]
    public void AWireThatOpens_IsLost_AndNoHeat(double endC, double noiseK)
    {
        Random random = new(14);
        AbuseFigures figures = new AbuseRun("crush-gb").Every(0.1, 0, 300, at => AbuseRun.Of(
            at, 4.1, 25, secondC: at is >= 130 and < 200 ? endC - (noiseK * random.NextDouble()) : 26)).End(300);
        SensorLoss loss = Assert.Single(figures.SensorLosses);
        Assert.Equal((130, 200), (loss.At, loss.BackAt));
        Assert.Equal(0, figures.Hazard.Level);
        Assert.All(figures.Values.Where(value => value.Id.StartsWith("maximum", StringComparison.Ordinal)), value => Assert.InRange(value.Value!.Value, 24, 27));
        Assert.Null(figures.Trigger);
    }

    [Fact]
    public void AnInputThatNothingIsConnectedTo_ReadsNoTemperature()
    {
        AbuseFigures figures = new AbuseRun("crush-gb").Every(0.1, 0, 200, at => AbuseRun.Of(at, at < 100 ? 4.1 : 2, 25, secondC: 1372)).End(200);
        Assert.DoesNotContain(figures.Values, value => value.Id.StartsWith("maximum", StringComparison.Ordinal) && value.Value > 100);
        Assert.InRange(figures.Trigger!.At, 99.9, 100.1);
    }

    /// <summary>A flame that a fine thermocouple follows over some readings is one.</summary>
    [Fact]
    public void AFlame_IsBelieved()
    {
        AbuseFigures figures = new AbuseRun("crush-gb").Every(0.1, 0, 200, at => AbuseRun.Of(
            at, at < 100 ? 4.1 : 0.1, at < 100 ? 25 : 25 + (1175 * (1 - Math.Exp((100 - at) / 0.5)) * Math.Exp((100 - at) / 60)))).End(200);
        Assert.InRange(figures.Values.Single(value => value.Id == "maximumSurfaceC").Value!.Value, 1100, 1200);
        Assert.Empty(figures.SensorLosses);
    }

    private static void AssertBound(AbuseFigures figures, double atC)
    {
        AbuseValue maximum = figures.Values.Single(value => value.Id == "maximumSurfaceC");
        Assert.Equal(atC, maximum.Value!.Value, 6);
        Assert.Null(maximum.Uncertainty);
        Assert.Contains("at least", string.Join(' ', figures.Hazard.Reasons), StringComparison.Ordinal);
    }

    private static double Camera(double at, int readings, Random random)
    {
        double hot = at < 100 ? 25 : at < 105 ? 25 + (60 * (at - 100)) : at < 150 ? 325 : 325 * Math.Exp((150 - at) / 60);
        bool isAtLimit = (at >= 120 && at < 120 + (0.25 * readings)) || at is 108 or 112.5;
        double flicker = (at < 100 ? 0.05 : 30) * (random.NextDouble() - 0.5);
        return Math.Round(isAtLimit ? LimitC : Math.Min(hot + flicker, LimitC - 1), 4);
    }
}
