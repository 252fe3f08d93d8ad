using PouchMonitor.Firmware.Protection;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Tests.Protection;

/// <summary>Every limit at the count before it, at it and past it. Equal is beyond: a limit is the first value not allowed.</summary>
public sealed class LimitTests
{
    // 4.35 V is 23200 counts of 187.5 uV exactly; 2.5 V lies between 13333 and 13334; 1 A is 12800 counts of 78.125 uA, 1.5 A
    // is 19200.
    [Theory]
    [InlineData(SampleColumns.Voltage, 23_199, 23_200, 23_201, ProtectionCause.OverVoltage, 4_350_000)]
    [InlineData(SampleColumns.Voltage, 13_334, 13_333, 13_332, ProtectionCause.UnderVoltage, 2_500_000)]
    [InlineData(SampleColumns.Current, 12_799, 12_800, 12_801, ProtectionCause.OverChargeCurrent, 1_000_000)]
    [InlineData(SampleColumns.Current, -19_199, -19_200, -19_201, ProtectionCause.OverDischargeCurrent, 1_500_000)]
    [InlineData(SampleColumns.Surface, 5_999, 6_000, 6_001, ProtectionCause.OverTemperature, 60_000)]
    [InlineData(SampleColumns.Infrared, 5_999, 6_000, 6_001, ProtectionCause.OverTemperature, 60_000)]
    [InlineData(SampleColumns.Surface, -999, -1_000, -1_001, ProtectionCause.UnderTemperature, -10_000)]
    public void Limit_TripsAtItAndPastItAndNotBefore(int column, long before, long equal, long past, ProtectionCause cause, int limit)
    {
        foreach ((long count, bool trips) in ((long, bool)[])[(before, false), (equal, true), (past, true)])
        {
            ProtectedChannel channel = WithoutHeating().Armed();
            Assert.Equal(trips, channel.Pass(column, count));
            channel.Pass(column, count);
            Assert.Equal(trips ? ProtectionState.Tripped : ProtectionState.Armed, channel.Protection.State);
            Assert.Equal(!trips, channel.Pins.IsRelayClosed(0));
            Assert.Equal(trips ? cause : ProtectionCause.None, channel.Protection.Cause);
            Assert.True(!trips || channel.Protection.Limit == limit);
            Assert.True(!trips || channel.Protection.Column == column);
        }
    }

    [Fact]
    public void Value_IsToldInTheUnitOfItsLimit()
    {
        ProtectedChannel channel = WithoutHeating().Armed();
        channel.Pass(SampleColumns.Current, -20_000);
        channel.Pass(SampleColumns.Current, -20_000);
        Assert.Equal((1_562_500L, 1_500_000L), (channel.Protection.Value, channel.Protection.Limit));
        Assert.Equal("uA", ProtectionNames.UnitOf(channel.Protection.Cause));
    }

    [Fact]
    public void AmbientTemperature_IsNotTheCells()
    {
        ProtectedChannel channel = WithoutHeating().Armed();
        Assert.False(channel.Pass(SampleColumns.Ambient, 9_000));
        Assert.Equal(ProtectionState.Armed, channel.Protection.State);
    }

    [Theory]
    [InlineData(SampleColumns.Voltage, 32_767, ProtectionCause.OverVoltage)]
    [InlineData(SampleColumns.Voltage, -32_768, ProtectionCause.UnderVoltage)]
    [InlineData(SampleColumns.Current, 32_767, ProtectionCause.OverChargeCurrent)]
    [InlineData(SampleColumns.Current, -32_768, ProtectionCause.OverDischargeCurrent)]
    [InlineData(SampleColumns.Infrared, 2_000, ProtectionCause.OverTemperature)]
    public void Saturated_IsBeyondTheLimitOnItsSide(int column, long count, ProtectionCause cause)
    {
        ProtectedChannel channel = WithoutHeating().Armed();
        channel.Pass(column, count, SensorState.Saturated);
        channel.Pass(column, count, SensorState.Saturated);
        Assert.Equal(cause, channel.Protection.Cause);
    }

    [Fact]
    public void OneReadingBeyond_IsForgottenWhenTheNextIsWithin()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        for (int i = 0; i < 20; i++)
        {
            Assert.True(channel.Pass(SampleColumns.Voltage, 30_000));
            Assert.False(channel.Pass(SampleColumns.Voltage, 20_000));
        }

        Assert.Equal(ProtectionState.Armed, channel.Protection.State);
    }

    [Fact]
    public void ReadingBeyond_ThatNothingConfirmsOrDenies_Trips()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        Assert.True(channel.Pass(SampleColumns.Voltage, 24_000));
        channel.Pass(SampleColumns.Voltage, 0, SensorState.BusError);
        Assert.Equal((ProtectionCause.OverVoltage, 4_500_000L), (channel.Protection.Cause, channel.Protection.Value));
    }

    // 20 K/min over 10 s is 3.333 K: 3.33 K stays below it, 3.34 K does not.
    [Theory]
    [InlineData(2_833, false)]
    [InlineData(2_834, true)]
    public void HeatingRate_IsHeldAgainstTheWindow(int lastCount, bool trips)
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        for (int i = 0; i < 100; i++)
        {
            Assert.False(channel.Pass(SampleColumns.Surface, 2_500));
        }

        Assert.Equal(trips, channel.Pass(SampleColumns.Surface, lastCount));
        channel.Pass(SampleColumns.Surface, lastCount);
        Assert.Equal(trips ? ProtectionCause.HeatingRate : ProtectionCause.None, channel.Protection.Cause);
    }

    [Fact]
    public void HeatingRate_ComesFromTheTimesOfTheSamples()
    {
        HeatingWatch watch = new();
        watch.Start(10_000);
        watch.Add(0, 25_000);
        watch.Add(9_000_000, 28_000);
        Assert.True(watch.HasRate);
        Assert.Equal(20_000, watch.MillikelvinPerMinute);

        // A pause: one minute later, 6 K more than the newest of the old points.
        watch.Add(69_000_000, 34_000);
        Assert.Equal(6_000, watch.MillikelvinPerMinute);
    }

    [Fact]
    public void HeatingRate_OfASlowWarmUp_NeverTrips_ThoughItGoesOnForAnHour()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        for (int i = 0; i < 3600; i++)
        {
            ProtectedChannel.Fill(channel.Sample);

            // 0.5 K a minute in hundredths.
            channel.Sample.SetGood(SampleColumns.Surface, 2_500 + (i * 50 / 60));
            Assert.False(channel.Pass(1000));
        }

        Assert.Equal(ProtectionState.Armed, channel.Protection.State);
    }

    [Fact]
    public void SensorLoss_TripsAfterItsTimeAndThreePasses_NotForOneStuckTransfer()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        ProtectedChannel.Fill(channel.Sample);
        channel.Sample.Set(SampleColumns.Infrared, SensorState.BusError, 0);
        Assert.True(channel.Pass(1100)); // one transfer held up for a second: long enough, but one pass
        Assert.False(channel.Pass(SampleColumns.Infrared, 2_500));

        int passes = 0;
        while (channel.Protection.State == ProtectionState.Armed && passes < 100)
        {
            channel.Pass(SampleColumns.Infrared, 0, SensorState.Open);
            passes++;
        }

        Assert.Equal(20, passes); // 1000 ms in steps of 50 ms
        Assert.Equal((ProtectionCause.SensorLoss, SampleColumns.Infrared), (channel.Protection.Cause, channel.Protection.Column));
        Assert.Equal((1000L, 1000L), (channel.Protection.Value, channel.Protection.Limit));
    }

    [Fact]
    public void SensorThatWasNotThereAtArming_IsNotMissed()
    {
        ProtectedChannel channel = new();
        channel.Sample.Set(SampleColumns.Infrared, SensorState.BusError, 0);
        channel.Armed();
        for (int i = 0; i < 100; i++)
        {
            channel.Pass();
        }

        Assert.Equal(ProtectionState.Armed, channel.Protection.State);
    }

    [Fact]
    public void OverchargeTest_PassesTheWindowAndHasACeilingOfItsOwn()
    {
        ProtectedChannel channel = WithoutHeating().Armed(TestKind.Overcharge);
        Assert.False(channel.Pass(SampleColumns.Voltage, 26_399)); // 4.9498 V
        Assert.True(channel.Pass(SampleColumns.Voltage, 26_400)); // 4.95 V
        channel.Pass(SampleColumns.Voltage, 26_400);
        Assert.Equal((ProtectionCause.OverVoltage, 4_950_000L), (channel.Protection.Cause, channel.Protection.Limit));
    }

    [Fact]
    public void ExternalShort_MayTakeTheVoltageToZeroAndAnyDischarge_ButNotTheHeat()
    {
        ProtectedChannel channel = WithoutHeating().Armed(TestKind.ExternalShort);
        Assert.False(channel.Pass(SampleColumns.Voltage, 0));
        Assert.False(channel.Pass(SampleColumns.Current, -32_000));
        Assert.False(channel.Pass(SampleColumns.Surface, 16_999));
        Assert.True(channel.Pass(SampleColumns.Surface, 17_000));
    }

    private static ProtectedChannel WithoutHeating()
    {
        ProtectionSettings settings = new();
        for (int kind = 1; kind < ProtectionNames.KindCount; kind++)
        {
            settings.Set((TestKind)kind, ProtectionLimits.HeatingRate, ProtectionLimits.Off);
        }

        return new ProtectedChannel(settings);
    }
}
