using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Tests;

/// <summary>The register code against parts emulated from their datasheets.</summary>
public sealed class SensorTests
{
    private const int Address = 0x48;
    private readonly VirtualClock clock = new();
    private readonly EmulatedI2cBus bus;
    private double volts;

    public SensorTests() => bus = new EmulatedI2cBus(clock);

    [Fact]
    public void Ads1115_AfterReset_HasTheDatasheetsRegisters()
    {
        var part = new EmulatedAds1115(clock, _ => 0);
        Assert.Equal(0x0000, Register(part, 0));
        Assert.Equal(0x8583, Register(part, 1));
        Assert.Equal(0x8000, Register(part, 2));
        Assert.Equal(0x7FFF, Register(part, 3));
    }

    [Theory]
    [InlineData(0.100, 12800)]
    [InlineData(-0.100, -12800)]
    [InlineData(-0.0000078125, -1)]
    [InlineData(0, 0)]
    [InlineData(0.255, 32640)]
    [InlineData(-0.255, -32640)]
    public void Ads1115_OnAShunt_GivesSignedCounts(double shuntVolts, int expected)
    {
        Ads1115 driver = Converter();
        volts = shuntVolts;
        Assert.True(driver.Start(Ads1115.InputDifference01, Ads1115.Range256Millivolts));
        Assert.Equal(SensorState.Good, driver.Fetch(out int code));
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData(32766, SensorState.Good)]
    [InlineData(32767, SensorState.Saturated)]
    [InlineData(40000, SensorState.Saturated)]
    [InlineData(-32767, SensorState.Good)]
    [InlineData(-32768, SensorState.Saturated)]
    [InlineData(-40000, SensorState.Saturated)]
    public void Ads1115_AtTheEndOfItsScale_IsSaturated(int counts, SensorState expected)
    {
        Ads1115 driver = Converter();
        volts = counts * 187.5e-6;
        driver.Start(Ads1115.InputDifference01, Ads1115.Range6144Millivolts);
        Assert.Equal(expected, driver.Fetch(out int code));
        Assert.Equal(Math.Clamp(counts, -32768, 32767), code);
    }

    [Fact]
    public void Ads1115_Absent_IsABusErrorAndNot0Volts()
    {
        Ads1115 driver = Converter();
        volts = 3.7;
        bus.Detach(Address);
        Assert.False(driver.Start(Ads1115.InputDifference01, Ads1115.Range6144Millivolts));
        Assert.Equal(SensorState.BusError, driver.Fetch(out int code));
        Assert.Equal(0, code);
        Assert.Equal(1, driver.BusErrorCount);
    }

    [Fact]
    public void Ads1115_ResetDuringAConversion_IsABusError()
    {
        Ads1115 driver = Converter(out EmulatedAds1115 part);
        volts = 3.7;
        driver.Start(Ads1115.InputDifference01, Ads1115.Range6144Millivolts);
        part.Reset();
        Assert.Equal(SensorState.BusError, driver.Fetch(out _));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(0.1)]
    public void Ads1115_WithTheClockTheDatasheetAllows_GivesThisConversionNotTheOneBefore(double slowness)
    {
        Ads1115 driver = Converter(out EmulatedAds1115 part);
        part.ClockSlowness = slowness;
        foreach (int counts in (int[])[1000, -2000, 3000])
        {
            volts = counts * 187.5e-6;
            driver.Start(Ads1115.InputDifference01, Ads1115.Range6144Millivolts);
            Assert.Equal(SensorState.Good, driver.Fetch(out int code));
            Assert.Equal(counts, code);
        }
    }

    [Fact]
    public void Ads1115_ThatNeverBecomesReady_IsABusErrorWithinBoundedTime()
    {
        Ads1115 driver = Converter(out EmulatedAds1115 part);
        part.ClockSlowness = 1000;
        driver.Start(Ads1115.InputDifference01, Ads1115.Range6144Millivolts);
        Assert.Equal(SensorState.BusError, driver.Fetch(out _));
        Assert.InRange(clock.UptimeMicroseconds, 1, 10_000);
    }

    [Fact]
    public void Ads1115_OnAStuckBus_IsABusError()
    {
        Ads1115 driver = Converter();
        bus.IsStuck = true;
        Assert.False(driver.Start(Ads1115.InputDifference01, Ads1115.Range6144Millivolts));
        Assert.Equal(SensorState.BusError, driver.Fetch(out _));
    }

    [Fact]
    public void Mlx90614_Pec_IsTheDatasheetsExample()
    {
        // 3901090614, 8.4.3: address 5Ah, word 07h, answer D2h 3Ah with code 30h.
        Assert.Equal(0x30, EmulatedMlx90614.Pec([0xB4, 0x07, 0xB5, 0xD2, 0x3A]));
    }

    [Theory]
    [InlineData(25.0, 25_000)]
    [InlineData(-40.0, -40_000)]
    [InlineData(60.013, 60_010)]
    [InlineData(-0.001, -10)]
    public void Mlx90614_GivesMillidegreesToItsResolution(double objectC, int expected)
    {
        Mlx90614 driver = Thermometer(objectC, out _);
        Assert.Equal(SensorState.Good, driver.ReadObject(out int millidegrees));
        Assert.InRange(millidegrees, expected - 20, expected + 20);
    }

    [Theory]
    [InlineData(379.90, SensorState.Good)]
    [InlineData(380.00, SensorState.Saturated)]
    [InlineData(900.00, SensorState.Saturated)]
    public void Mlx90614_AtTheEndOfItsScale_IsSaturated(double objectC, SensorState expected)
    {
        Mlx90614 driver = Thermometer(objectC, out _);
        Assert.Equal(expected, driver.ReadObject(out int millidegrees));
        Assert.InRange(millidegrees, 379_000, 380_000);
    }

    [Fact]
    public void Mlx90614_WithAWrongCheckSum_IsABusErrorThatIsCounted()
    {
        Mlx90614 driver = Thermometer(25, out EmulatedMlx90614 part);
        part.IsDisturbed = true;
        Assert.Equal(SensorState.BusError, driver.ReadObject(out int millidegrees));
        Assert.Equal(0, millidegrees);
        Assert.Equal(1, driver.PecErrorCount);
        part.IsDisturbed = false;
        Assert.Equal(SensorState.Good, driver.ReadObject(out _));
    }

    [Fact]
    public void Mlx90614_AbsentOrWithItsErrorFlag_IsABusError()
    {
        Mlx90614 driver = Thermometer(25, out EmulatedMlx90614 part);
        part.HasErrorFlag = true;
        Assert.Equal(SensorState.BusError, driver.ReadObject(out _));
        bus.Detach(Mlx90614.FactoryAddress);
        Assert.Equal(SensorState.BusError, driver.ReadObject(out _));
        Assert.Equal(1, driver.BusErrorCount);
    }

    [Theory]
    [InlineData(-40)]
    [InlineData(0)]
    [InlineData(25)]
    [InlineData(60)]
    [InlineData(130)]
    [InlineData(200)]
    public void Thermistor_ReadsBackTheTemperatureOfItsDivider(double celsius)
    {
        ThermistorCurve curve = ThermistorCurve.FromBeta(10_000, 10_000, 3950);
        double ohms = 10_000 * Math.Exp(3950 * ((1 / (celsius + 273.15)) - (1 / 298.15)));
        int supply = 26_400;
        int divider = (int)Math.Round(supply * ohms / (ohms + 10_000));
        Assert.Equal(SensorState.Good, curve.Convert(divider, supply, out int millidegrees));

        // One code more or less at either end of the curve.
        Assert.InRange(millidegrees, (celsius * 1000) - 500, (celsius * 1000) + 500);
    }

    [Theory]
    [InlineData((985 * 26) - 1, 26_000, SensorState.OutOfRange)]
    [InlineData(985 * 26, 26_000, SensorState.Open)]
    [InlineData(26_000, 26_000, SensorState.Open)]
    [InlineData(26_100, 26_000, SensorState.Open)]
    [InlineData(4 * 26, 26_000, SensorState.OutOfRange)]
    [InlineData((4 * 26) - 1, 26_000, SensorState.Short)]
    [InlineData(0, 26_000, SensorState.Short)]
    [InlineData(-5, 26_000, SensorState.Short)]
    [InlineData(4_000, 7_999, SensorState.BusError)]
    [InlineData(4_000, 8_000, SensorState.Good)]
    public void Thermistor_AtTheEndsOfItsDivider_HasAState(int divider, int supply, SensorState expected)
    {
        ThermistorCurve curve = ThermistorCurve.FromBeta(10_000, 10_000, 3435);
        Assert.Equal(expected, curve.Convert(divider, supply, out _));
    }

    [Theory]
    [InlineData(4, SensorState.Good)]
    [InlineData(5, SensorState.Frozen)]
    [InlineData(6, SensorState.Frozen)]
    public void Frozen_IsTheFifthEqualReadingInARow(int repeats, SensorState expected)
    {
        var watch = new FrozenWatch(5);
        watch.Judge(SensorState.Good, 24_000);
        SensorState last = SensorState.Absent;
        for (int i = 0; i < repeats; i++)
        {
            last = watch.Judge(SensorState.Good, 25_000);
        }

        Assert.Equal(expected, last);
        Assert.Equal(SensorState.Open, watch.Judge(SensorState.Open, 0));
        Assert.Equal(SensorState.Good, watch.Judge(SensorState.Good, 25_000));
    }

    private static int Register(EmulatedAds1115 part, byte register)
    {
        Assert.True(part.Write([register]));
        byte[] value = new byte[2];
        part.Read(value);
        return (value[0] << 8) | value[1];
    }

    private Ads1115 Converter() => Converter(out _);

    private Ads1115 Converter(out EmulatedAds1115 part)
    {
        part = new EmulatedAds1115(clock, pin => pin == 0 ? volts : 0);
        bus.Attach(Address, part);
        return new Ads1115(bus.Open(Address, isFast: true), clock, Ads1115.Rate860);
    }

    private Mlx90614 Thermometer(double objectC, out EmulatedMlx90614 part)
    {
        part = new EmulatedMlx90614(Mlx90614.FactoryAddress, () => objectC, () => 25);
        bus.Attach(Mlx90614.FactoryAddress, part);
        return new Mlx90614(bus.Open(Mlx90614.FactoryAddress, isFast: false), Mlx90614.FactoryAddress);
    }
}
