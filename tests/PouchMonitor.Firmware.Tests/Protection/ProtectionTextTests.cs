using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Protection;

namespace PouchMonitor.Firmware.Tests.Protection;

/// <summary>Limits from text: taken as written whatever their order, or refused with setting, value and limit.</summary>
public sealed class ProtectionTextTests
{
    [Fact]
    public void Limits_ComeFromTheCellAndFromWhatIsSetOtherwise()
    {
        ProtectionSettings read = Read("""
            channel.1.limits.cycling.overTemperatureMillidegrees = 70000
            channel.1.limits.cycling.underTemperatureMillidegrees = -50000
            channel.1.limits.heating.overTemperatureMillidegrees = off
            channel.1.cellMaximumMicrovolts = 4200000
            channel.1.cellMinimumMicrovolts = 2750000
            channel.1.cellCapacityMilliampereHours = 500
            channel.1.gatewayLossSeconds = 900
            channel.1.resumesAfterRestart = true
            """).Channels[0].Protection;
        ProtectionLimits cycling = read.Limits(TestKind.Cycling);
        Assert.Equal(4_250_000, cycling[ProtectionLimits.OverVoltage]);
        Assert.Equal(2_450_000, cycling[ProtectionLimits.UnderVoltage]);
        Assert.Equal(500_000, cycling[ProtectionLimits.OverChargeCurrent]);
        Assert.Equal(70_000, cycling[ProtectionLimits.OverTemperature]);
        Assert.Equal(-50_000, cycling[ProtectionLimits.UnderTemperature]);
        Assert.False(read.Limits(TestKind.Heating).Judges(ProtectionLimits.OverTemperature));
        Assert.True(read.Limits(TestKind.Heating).Judges(ProtectionLimits.OverVoltage));
        Assert.Equal(900, read.GatewayLossSeconds);
        Assert.True(read.ResumesAfterRestart);
    }

    [Fact]
    public void ChannelWithPointsInItsName_HasLimitsOfItsOwn()
    {
        NodeConfiguration read = Read("channel.a.b.limits.nail.holdReadings = 3");
        Assert.Equal("a.b", Assert.Single(read.Channels).Name);
        Assert.Equal(3, read.Channels[0].Protection.Limits(TestKind.Nail)[ProtectionLimits.HoldReadings]);
        Assert.Equal(2, read.Channels[0].Protection.Limits(TestKind.Crush)[ProtectionLimits.HoldReadings]);
    }

    [Theory]
    [InlineData("limits.cycling.overVoltage = 4", "there is no setting 'limits.cycling.overVoltage'")]
    [InlineData("limits.baking.holdReadings = 2", "limits.baking.holdReadings names no kind of test, must be one of cycling, overcharge, external-short, heating, nail, crush")]
    [InlineData("limits.none.holdReadings = 2", "names no kind of test")]
    [InlineData("limits.cycling = 2", "names no kind of test")]
    [InlineData("limits.cycling.holdReadings = off", "limits.cycling.holdReadings cannot be off")]
    [InlineData("limits.cycling.holdReadings = 0", "limits.cycling.holdReadings is 0, must be 1 to 4")]
    [InlineData("limits.cycling.holdReadings = 5", "limits.cycling.holdReadings is 5, must be 1 to 4")]
    [InlineData("limits.cycling.overVoltageMicrovolts = 4.3", "overVoltageMicrovolts is '4.3', must be a whole number")]
    [InlineData("limits.cycling.overVoltageMicrovolts = 2147483647", "must be -20000000 to 20000000")]
    [InlineData("limits.cycling.overVoltageMicrovolts = -2147483648", "must be -20000000 to 20000000")]
    [InlineData("limits.cycling.overVoltageMicrovolts = 2500000", "underVoltageMicrovolts is 2500000, must be below overVoltageMicrovolts, which is 2500000")]
    [InlineData("limits.cycling.sensorLossMilliseconds = 99", "sensorLossMilliseconds is 99, must be 100 to 60000")]
    [InlineData("cellMinimumMicrovolts = 4300000", "cellMinimumMicrovolts is 4300000, must be below cellMaximumMicrovolts, which is 4300000")]
    [InlineData("gatewayLossSeconds = -1", "gatewayLossSeconds is -1, must be 0 to 604800")]
    [InlineData("resumesAfterRestart = yes", "resumesAfterRestart is 'yes', must be true or false")]
    public void BadLimit_IsRefusedNamingIt(string setting, string expected)
    {
        Assert.Null(ConfigurationText.Read("node = n\nbrokerHost = h\nchannel.1." + setting, out string fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void EveryKind_HasDefaultsThatHoldForTheReferenceCells()
    {
        foreach ((int low, int high, int capacity) in ((int, int, int)[])[(2_800_000, 4_300_000, 1000), (2_750_000, 4_200_000, 1000), (2_800_000, 4_700_000, 3000), (-1_000_000, 1_000_000, 10)])
        {
            ProtectionSettings settings = new()
            {
                CellMinimumMicrovolts = low, CellMaximumMicrovolts = high, CellCapacityMilliampereHours = capacity,
            };
            Assert.Null(settings.Fault());
            for (int kind = 1; kind < ProtectionNames.KindCount; kind++)
            {
                Assert.True(settings.Limits((TestKind)kind)[ProtectionLimits.OverVoltage] > high);
            }
        }
    }

    private static NodeConfiguration Read(string text)
    {
        NodeConfiguration? read = ConfigurationText.Read("node = n\nbrokerHost = h\n" + text, out string fault);
        Assert.Equal("", fault);
        return read!;
    }
}
