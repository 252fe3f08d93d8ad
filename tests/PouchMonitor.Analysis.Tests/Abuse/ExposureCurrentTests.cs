using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Analysis.Tests.Abuse;

/// <summary>The end of a short by its current alone: a step back to the offset of before, or nothing.</summary>
public sealed class ExposureCurrentTests
{
    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.012, 0.002)]
    [InlineData(-0.4, 0.01)]
    public void AShortThatIsOpened_EndsWhereTheCurrentIsBack(double offsetA, double noiseA)
    {
        // A pouch of 0.5 Ah: 20 A, within 20 s below 5 A, 0.6 A when the switch opens at 640 s.
        var noise = new Random(5);
        ExposureCurrent current = Feed(at => offsetA + (noiseA * ((2 * noise.NextDouble()) - 1)) - (at is >= 100 and < 640 ? 0.6 + (19.4 * Math.Exp(-(at - 100) / 12)) : 0), 900);
        Assert.Equal(640, current.EndedAt);
        Assert.Equal(offsetA, current.OffsetA, noiseA + 1e-9);
    }

    [Fact]
    public void ACurrentThatFadesIntoItsNoise_TellsNothing()
    {
        Assert.Null(Feed(at => at < 100 ? 0 : -20 * Math.Exp(-(at - 100) / 60), 3000).EndedAt);
    }

    [Fact]
    public void NoCurrentBefore_OrNoneThatChanges_OrTwoReadingsBack_TellsNothing()
    {
        ExposureCurrent late = new(100, 0.5);
        for (double at = 100; at < 900; at++)
        {
            late.Add(at, at < 640 ? -8 : 0);
        }

        late.Complete();
        Assert.Null(late.EndedAt);
        Assert.Null(Feed(_ => 0, 900).EndedAt);
        Assert.Null(Feed(at => at is >= 100 and not 400 and not 401 ? -8 : 0, 900).EndedAt);
    }

    [Fact]
    public void ARecordThatEndsSoonAfter_StillTellsIt() => Assert.Equal(640, Feed(at => at is >= 100 and < 640 ? -8 : 0, 644).EndedAt);

    private static ExposureCurrent Feed(Func<double, double> ampere, double endS)
    {
        ExposureCurrent current = new(100, 0.5);
        for (double at = 0; at < endS; at++)
        {
            current.Add(at, ampere(at));
        }

        current.Complete();
        return current;
    }
}
