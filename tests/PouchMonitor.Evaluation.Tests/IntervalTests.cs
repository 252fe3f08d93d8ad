using PouchMonitor.Evaluation.Tests.Scoring;

namespace PouchMonitor.Evaluation.Tests;

/// <summary>Exact intervals, against the closed forms at the ends of their range.</summary>
public sealed class IntervalTests
{
    [Fact]
    public void Share_IsClopperPearson()
    {
        // All of n: low = 0.025^(1/n). None of n: high = 1 - 0.025^(1/n).
        Assert.Equal(Math.Pow(0.025, 1 / 20.0), Intervals.Share(20, 20).Low, 1e-9);
        Assert.Equal(1 - Math.Pow(0.025, 1 / 10.0), Intervals.Share(0, 10).High, 1e-9);
        Assert.Equal((0, 1), Intervals.Share(0, 0));
        (double low, double high) = Intervals.Share(5, 10);
        Assert.Equal(1, low + high, 1e-9);
        Assert.Equal(0.1871, low, 1e-4);
    }

    [Fact]
    public void Rate_IsGarwood()
    {
        // None: high = -ln 0.025 over the exposure.
        Assert.Equal(-Math.Log(0.025) / 2, Intervals.Rate(0, 2).High, 1e-9);
        Assert.Equal(0, Intervals.Rate(0, 2).Low);
        Assert.Equal(-Math.Log(0.975), Intervals.Rate(1, 1).Low, 1e-9);
        Assert.Equal(5.5716, Intervals.Rate(1, 1).High, 1e-4);
    }

    [Fact]
    public void Median_StandsBetweenOrderStatistics()
    {
        double[] ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        Assert.Equal((2, 5.5, 9), Intervals.Median(ten));
        Assert.Equal((1, 1.5, 2), Intervals.Median([1, 2]));
        Assert.True(double.IsNaN(Intervals.Median([]).Middle));
    }
}
