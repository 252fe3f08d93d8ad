using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Tests.Steps;

/// <summary>A current that dies away at a held voltage is one to its end; rest with an offset or noise is none.</summary>
public sealed class DyingCurrentTests
{
    private readonly CurrentScale scale = new(nominalCapacityAh: null);

    [Fact]
    public void ATailThatDiesAway_StaysACurrentFarBelowTheThousandthOfTheLargest()
    {
        Take(0, 0, 0.054, 0.050, 0.040, 0.030);
        double currentA = 0.030;
        while (currentA > 24e-6)
        {
            currentA *= 0.97;
            Assert.Equal(1, scale.Classify(currentA));
        }

        // Some noise on it does not end it; nothing at all does.
        Assert.Equal([1, 1, 1, 0, 0], Take(23.9e-6, 24.0e-6, 23.8e-6, 0, 0));
        Assert.Equal([0, 0], Take(24e-6, 24e-6));
    }

    [Fact]
    public void ADropToAnOffset_IsRest() => Assert.Equal([1, 1, 1, 0, 0, 0], Take(2, 2, 0.1, 0.0015, 0.0014, 0.0015));

    [Fact]
    public void NoiseAboveTheThousandth_IsRestOnceItIsKnown()
    {
        Random random = new(7);
        Take(0.5, 0.5);
        int[] kinds = [.. Enumerable.Range(0, 400).Select(_ => scale.Classify(0.0005 + (0.002 * (random.NextDouble() - 0.5))))];
        Assert.DoesNotContain(1, kinds[50..]);
        Assert.DoesNotContain(-1, kinds[50..]);
    }

    private int[] Take(params double[] currentsA) => [.. currentsA.Select(scale.Classify)];
}
