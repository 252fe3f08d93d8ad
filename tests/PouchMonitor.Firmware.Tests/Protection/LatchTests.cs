using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Protection;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Tests.Protection;

/// <summary>What closes a relay, what opens it, and that nothing but a person ends a latch.</summary>
public sealed class LatchTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Arming_IsExplicitAndNamesWhatStandsAgainstIt()
    {
        ProtectedChannel channel = new();
        Assert.Equal(ProtectionState.Disarmed, channel.Protection.State);
        Assert.False(channel.Pins.IsRelayClosed(0));
        AssertRefused(channel, TestKind.Cycling, "channel 1 has no reading of the last 5 s; one is being taken, try again");
        Assert.True(channel.Protection.NextDueMicroseconds <= channel.Time.UptimeMicroseconds);
        channel.Pass();
        AssertRefused(channel, TestKind.None, "needs a kind of test");
        channel.Pass(SampleColumns.Voltage, 30_000);
        AssertRefused(channel, TestKind.Cycling, "channel 1 cannot be armed: over-voltage, 5625000 uV, limit 4350000");
        channel.Pass(SampleColumns.Current, 0, SensorState.BusError);
        AssertRefused(channel, TestKind.Cycling, "voltage or current cannot be read");
        ProtectedChannel.Fill(channel.Sample);
        channel.Sample.Set(SampleColumns.Surface, SensorState.Open, 0);
        channel.Sample.Set(SampleColumns.Infrared, SensorState.BusError, 0);
        channel.Pass();
        AssertRefused(channel, TestKind.Cycling, "no temperature of the cell can be read");
        ProtectedChannel.Fill(channel.Sample);
        channel.Pass();
        channel.Pins.SetComparator(0, true);
        AssertRefused(channel, TestKind.Cycling, "its comparator holds the latch open");
        channel.Pins.SetComparator(0, false);
        channel.Flash.IsWorn = true;
        AssertRefused(channel, TestKind.Cycling, "the flash refused its record");
        channel.Flash.IsWorn = false;
        channel.Settings.Set(TestKind.Cycling, ProtectionLimits.OverDischargeCurrent, 3_000_000);
        AssertRefused(
            channel, TestKind.Cycling,
            "limits.cycling.overDischargeMicroamperes is 3000000, the converter reads from -2560000 to 2559921");
        channel.Settings.Set(TestKind.Cycling, ProtectionLimits.OverDischargeCurrent, 2_000_000);
        Assert.Null(channel.Protection.Arm(TestKind.Cycling));
        AssertRefused(channel, TestKind.Cycling, "is armed for cycling already", closed: true);
    }

    [Fact]
    public void Trip_OpensTheRelayBeforeTheFlashIsTouched()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        channel.Flash.EraseMicroseconds = 400_000;
        long before = channel.Flash.WrittenBytes;
        channel.Pass(SampleColumns.Voltage, 24_000);
        channel.Pass(SampleColumns.Voltage, 24_000);
        long tripped = channel.Time.UptimeMicroseconds;
        Assert.Equal(before, channel.Flash.WrittenBytes);
        Assert.Equal(tripped + channel.Pins.ReleaseMicroseconds, channel.Pins.OpenedMicroseconds(0));
        Assert.True(channel.Settle());
        Assert.False(channel.Settle());
        Assert.True(channel.Flash.WrittenBytes > before);
    }

    [Fact]
    public void Latch_OutlivesRestartsWithAllItRemembers()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        channel.Pass(SampleColumns.Voltage, 24_000);
        channel.Pass(SampleColumns.Voltage, 24_000);
        channel.Settle();
        long uptime = channel.Protection.TrippedMicroseconds;
        for (int boot = 0; boot < 3; boot++)
        {
            channel.Boot();
            Assert.Equal(ProtectionState.Tripped, channel.Protection.State);
            Assert.Equal(
                (ProtectionCause.OverVoltage, 4_500_000L, 4_350_000L, 3L, uptime, TestKind.Cycling),
                (channel.Protection.Cause, channel.Protection.Value, channel.Protection.Limit, channel.Protection.SampleNumber,
                    channel.Protection.TrippedMicroseconds, channel.Protection.Kind));
            ProtectedChannel.Fill(channel.Sample);
            channel.Pass();
            AssertRefused(channel, TestKind.Cycling, "channel 1 is tripped by over-voltage: reset it first");
        }
    }

    [Fact]
    public void Reset_IsRefusedWhileTheCauseStands()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        channel.Pass(SampleColumns.Voltage, 24_000);
        channel.Pass(SampleColumns.Voltage, 24_000);
        Assert.Equal(
            "channel 1 stays tripped: over-voltage, 4500000 uV, limit 4350000, as last read", channel.Protection.Reset());
        channel.Settle();
        channel.Boot();
        channel.Pass(SampleColumns.Voltage, 24_000);
        Assert.Contains("over-voltage, 4500000 uV", channel.Protection.Reset(), StringComparison.Ordinal);
        channel.Pass(SampleColumns.Voltage, 20_000);
        Assert.Null(channel.Protection.Reset());
        Assert.False(channel.Pins.IsRelayClosed(0));
        channel.Boot();
        Assert.Equal(ProtectionState.Disarmed, channel.Protection.State);
    }

    [Fact]
    public void Reset_AfterALostSensor_NeedsThatSensor_AlsoAfterARestart()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        while (channel.Protection.State == ProtectionState.Armed)
        {
            channel.Pass(SampleColumns.Surface, 0, SensorState.Open);
        }

        channel.Settle();
        channel.Boot();
        channel.Pass(SampleColumns.Surface, 0, SensorState.Open);
        Assert.Equal("channel 1 stays tripped: sensor 2 gives nothing that can be believed", channel.Protection.Reset());
        channel.Pass(SampleColumns.Surface, 2_500);
        Assert.Null(channel.Protection.Reset());
    }

    [Fact]
    public void RestartWhileArmed_ComesUpTrippedAndOpen()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        channel.Boot();
        Assert.Equal((ProtectionState.Tripped, ProtectionCause.Restart), (channel.Protection.State, channel.Protection.Cause));
        Assert.False(channel.Pins.IsRelayClosed(0));
        Assert.True(channel.Settle());
        channel.Pass();
        Assert.Null(channel.Protection.Reset());
        Assert.Null(channel.Protection.Arm(TestKind.Cycling));
    }

    [Fact]
    public void RestartWhileArmed_WithResume_ArmsAgain_ButACrashLoopEndsOpen()
    {
        ProtectedChannel channel = new(new ProtectionSettings { ResumesAfterRestart = true });
        channel.Armed();
        for (int crash = 1; crash <= ChannelProtection.RestartLimit; crash++)
        {
            channel.Boot();
            Assert.False(channel.Pins.IsRelayClosed(0));
            channel.Settle();
            Assert.False(channel.Pins.IsRelayClosed(0)); // nothing was read yet
            channel.Pass();
            channel.Settle();
            Assert.True(channel.Pins.IsRelayClosed(0));
            Assert.Equal(crash, channel.Protection.RestartCount);
        }

        for (int boot = 0; boot < 5; boot++)
        {
            channel.Boot();
            channel.Pass();
            channel.Settle();
            Assert.Equal((ProtectionState.Tripped, ProtectionCause.Restart), (channel.Protection.State, channel.Protection.Cause));
            Assert.False(channel.Pins.IsRelayClosed(0));
        }
    }

    [Fact]
    public void Resume_WithAReadingBeyondALimit_StaysOpen()
    {
        ProtectedChannel channel = new(new ProtectionSettings { ResumesAfterRestart = true });
        channel.Armed();
        channel.Boot();
        channel.Pass(SampleColumns.Surface, 7_000);
        channel.Settle();
        channel.Pass(SampleColumns.Surface, 2_500);
        channel.Settle();
        Assert.Equal(ProtectionState.Tripped, channel.Protection.State);
        Assert.False(channel.Pins.IsRelayClosed(0));
    }

    [Fact]
    public void PowerLost_AtAnyByteOfArmingTrippingOrResetting_NeverComesUpArmedOrClosed()
    {
        int losses = 0;
        for (long steps = 0; ; steps++)
        {
            ProtectedChannel channel = new();
            channel.Pass();
            channel.Flash.StepsUntilPowerLoss = steps;
            bool wasClosed = false;
            bool wasReset = false;
            try
            {
                Assert.Null(channel.Protection.Arm(TestKind.Cycling));
                wasClosed = true;
                channel.Pass(SampleColumns.Voltage, 24_000);
                channel.Pass(SampleColumns.Voltage, 24_000);
                channel.Settle();
                channel.Pass(SampleColumns.Voltage, 20_000);
                Assert.Null(channel.Protection.Reset());
                wasReset = true;
            }
            catch (PowerLossException)
            {
                losses++;
            }

            channel.Flash.StepsUntilPowerLoss = null;
            channel.Boot();
            Assert.False(channel.Pins.IsRelayClosed(0));
            Assert.NotEqual(ProtectionState.Armed, channel.Protection.State);
            if (wasReset)
            {
                Assert.Equal(ProtectionState.Disarmed, channel.Protection.State);
                break;
            }

            // Between the removal of the record and its last step either is right.
            Assert.True(!wasClosed || channel.Protection.State == ProtectionState.Tripped || channel.Flash.UsedBytes == 0, $"after {steps} steps");
        }

        Assert.InRange(losses, 100, 200);
    }

    [Fact]
    public void DamagedRecord_CountsAsTripped_AndCanBeReset()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        byte[] bytes = channel.Flash.Read("latch0")!;
        bytes[3] ^= 0x10;
        Assert.True(channel.Flash.Write("latch0", bytes, bytes.Length));
        channel.Boot();
        Assert.Equal(ProtectionCause.RecordDamaged, channel.Protection.Cause);
        channel.Pass();
        Assert.Null(channel.Protection.Reset());
        channel.Boot();
        Assert.Equal(ProtectionState.Disarmed, channel.Protection.State);
    }

    [Fact]
    public void FlashThatRefuses_DoesNotKeepTheRelayClosed_AndARestartIsTrippedAllTheSame()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        channel.Flash.IsWorn = true;
        channel.Pass(SampleColumns.Voltage, 24_000);
        channel.Pass(SampleColumns.Voltage, 24_000);
        Assert.True(channel.Settle());
        Assert.Equal(1, channel.Protection.RefusedRecordCount);
        Assert.False(channel.Pins.IsRelayClosed(0));
        channel.Boot();
        Assert.Equal((ProtectionState.Tripped, ProtectionCause.Restart), (channel.Protection.State, channel.Protection.Cause));
    }

    [Fact]
    public void LatchThatOpenedByItself_IsLatchedAsTheComparators_AlsoWhenItIsInsideAgain()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        channel.Pins.SetComparator(0, true);
        channel.Pins.SetComparator(0, false);
        channel.Pass();
        Assert.Equal(ProtectionCause.Comparator, channel.Protection.Cause);
        channel = new ProtectedChannel().Armed();
        channel.Pins.SetComparator(0, true);
        channel.Settle();
        Assert.Equal(ProtectionCause.Comparator, channel.Protection.Cause);
        channel.Pass();
        Assert.Contains("its comparator holds the latch open", channel.Protection.Reset(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 3600, false)]
    [InlineData(60, 59, false)]
    [InlineData(60, 60, true)]
    public void GatewayGone_CarriesOnOrTripsAsConfigured(int limitSeconds, int aloneSeconds, bool trips)
    {
        ProtectedChannel channel = new(new ProtectionSettings { GatewayLossSeconds = limitSeconds });
        channel.Armed();
        long acknowledged = channel.Time.UptimeMicroseconds + Second;
        for (long at = channel.Time.UptimeMicroseconds; channel.Time.UptimeMicroseconds < acknowledged + (aloneSeconds * Second);)
        {
            long left = acknowledged + (aloneSeconds * Second) - channel.Time.UptimeMicroseconds;
            channel.Pass((int)Math.Min(1000, left / 1000));
            channel.Settle(acknowledged);
        }

        Assert.Equal(trips ? ProtectionCause.GatewayLoss : ProtectionCause.None, channel.Protection.Cause);
        Assert.Equal(trips ? ProtectionState.Tripped : ProtectionState.Armed, channel.Protection.State);
        Assert.True(!trips || channel.Protection.Reset() == "channel 1 stays tripped: nothing has been acknowledged since");
        channel.Pass();
        channel.Settle(channel.Time.UptimeMicroseconds);
        Assert.True(!trips || channel.Protection.Reset() is null);
    }

    [Theory]
    [InlineData(5_999, false)]
    [InlineData(6_000, true)]
    public void SamplingThatStopsComing_TripsFromTheOtherThread(int milliseconds, bool trips)
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        channel.Time.WaitMicroseconds(milliseconds * 1000L);
        channel.Settle();
        Assert.Equal(trips ? ProtectionCause.Stalled : ProtectionCause.None, channel.Protection.Cause);
    }

    [Fact]
    public void OpeningForARestart_LeavesTheRecord_SoTheNextBootIsTripped()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        channel.Protection.OpenForRestart();
        Assert.False(channel.Pins.IsRelayClosed(0));
        channel.Pass(SampleColumns.Voltage, 30_000);
        channel.Settle();
        channel.Boot();
        Assert.Equal(ProtectionCause.Restart, channel.Protection.Cause);
    }

    [Fact]
    public void Disarming_OpensTheRelayAndNothingIsLeft()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        Assert.Null(channel.Protection.Disarm());
        Assert.False(channel.Pins.IsRelayClosed(0));
        Assert.Equal(long.MaxValue, channel.Protection.NextDueMicroseconds);
        channel.Boot();
        Assert.Equal(ProtectionState.Disarmed, channel.Protection.State);
    }

    [Fact]
    public void Judging_AllocatesNothing()
    {
        ProtectedChannel channel = new ProtectedChannel().Armed();
        long fewest = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 200; i++)
            {
                channel.Pass();
                channel.Settle();
            }

            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, fewest);
    }

    private static void AssertRefused(ProtectedChannel channel, TestKind kind, string reason, bool closed = false)
    {
        Assert.Contains(reason, channel.Protection.Arm(kind), StringComparison.Ordinal);
        Assert.Equal(closed, channel.Pins.IsRelayClosed(0));
    }
}
