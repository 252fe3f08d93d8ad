using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Tests;

/// <summary>The running counters: whole numbers, signs kept apart, nothing guessed.</summary>
public sealed class ChargeCounterTests
{
    private readonly ChargeCounter counter = new();

    [Fact]
    public void ConstantCharge_IsCountsTimesTime()
    {
        Add(0, 100);
        Add(1_000_000, 100);
        Add(3_000_000, 100);
        Assert.Equal(100 * 3_000_000L, counter.Charged);
        Assert.Equal(0, counter.Discharged);
    }

    [Fact]
    public void NegativeCurrent_DischargesAsAMagnitude()
    {
        Add(0, -40);
        Add(1_000_000, -60);
        Assert.Equal(0, counter.Charged);
        Assert.Equal((40 + 60) * 1_000_000L / 2, counter.Discharged);
    }

    [Fact]
    public void SignChangeInside_SplitsWhereTheLineCrossesZero()
    {
        Add(0, 30);
        Add(4_000_000, -10);
        Assert.Equal(30 * 3_000_000L / 2, counter.Charged);
        Assert.Equal(10 * 1_000_000L / 2, counter.Discharged);
    }

    [Fact]
    public void SignChangeFromDischarge_SplitsToo()
    {
        Add(0, -30);
        Add(4_000_000, 10);
        Assert.Equal(30 * 3_000_000L / 2, counter.Discharged);
        Assert.Equal(10 * 1_000_000L / 2, counter.Charged);
    }

    [Fact]
    public void UnbelievedReading_IsNotBridgedButCounted()
    {
        Add(0, 100);
        Add(1_000_000, 32767, SensorState.Saturated);
        Add(2_000_000, 100);
        Add(3_000_000, 100);
        Assert.Equal(100 * 1_000_000L, counter.Charged);
        Assert.Equal(2_000_000, counter.UncountedMicroseconds);
    }

    [Fact]
    public void NineYearsAtFullScale_Fit()
    {
        long year = 365L * 24 * 3600 * 1_000_000;
        long step = 3_600_000_000;
        Add(0, 32_766);
        for (long at = step; at <= 8 * year; at += step * 24)
        {
            Add(at, 32_766);
        }

        Assert.True(counter.Charged > 7.9 * year * 32_766);
    }

    private void Add(long uptimeMicroseconds, long count, SensorState state = SensorState.Good)
    {
        var sample = new CellSample { UptimeMicroseconds = uptimeMicroseconds };
        sample.Set(SampleColumns.Current, state, count);
        counter.Add(sample);
    }
}
