using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Tests;

/// <summary>What the drivers make of the codes that the datasheets print, byte by byte, without any emulated part.</summary>
public sealed class DatasheetCodeTests
{
    private readonly VirtualClock clock = new();
    private readonly ScriptedPort port = new();

    /// <summary>SBAS444, table 8-1: ideal codes against the input.</summary>
    [Theory]
    [InlineData(0x7FFF, 32_767, SensorState.Saturated)]
    [InlineData(0x7FFE, 32_766, SensorState.Good)]
    [InlineData(0x0001, 1, SensorState.Good)]
    [InlineData(0x0000, 0, SensorState.Good)]
    [InlineData(0xFFFF, -1, SensorState.Good)]
    [InlineData(0x8001, -32_767, SensorState.Good)]
    [InlineData(0x8000, -32_768, SensorState.Saturated)]
    public void Ads1115_Codes(int word, int expected, SensorState state)
    {
        var driver = new Ads1115(port, clock, Ads1115.Rate860);

        // Ready; input 0-1, 256 mV, single shot, 860 a second, comparator off: 0 000 101 1 111 0 00 11.
        port.Answer(1, 0x8B, 0xE3);
        port.Answer(0, (byte)(word >> 8), (byte)word);
        Assert.True(driver.Start(Ads1115.InputDifference01, Ads1115.Range256Millivolts));
        Assert.Equal([0x01, 0x8B, 0xE3], port.Written[0]);
        Assert.Equal(state, driver.Fetch(out int code));
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData(6144, 0)]
    [InlineData(4096, 1)]
    [InlineData(2048, 2)]
    [InlineData(1024, 3)]
    [InlineData(512, 4)]
    [InlineData(256, 5)]
    [InlineData(5000, -1)]
    public void Ads1115_Ranges(int millivolts, int expected) => Assert.Equal(expected, Ads1115.RangeOf(millivolts));

    /// <summary>3901090614, 8.4.5: the linearised object temperature runs from 27ADh (-70.01 C) to 7FFFh (+382.19 C).</summary>
    [Theory]
    [InlineData(0x27AD, -70_010, SensorState.OutOfRange)]
    [InlineData(0x27AE, -69_990, SensorState.Good)]
    [InlineData(0x3AD2, 28_010, SensorState.Good)]
    [InlineData(0x3559, -10, SensorState.Good)]
    [InlineData(0x7F91, 379_990, SensorState.Saturated)]
    [InlineData(0x7F90, 379_970, SensorState.Good)]
    [InlineData(0x7FFF, 382_190, SensorState.Saturated)]
    public void Mlx90614_Codes(int word, int expectedMillidegrees, SensorState state)
    {
        byte low = (byte)word;
        byte high = (byte)(word >> 8);
        port.Answer(0x07, low, high, EmulatedMlx90614.Pec([0xB4, 0x07, 0xB5, low, high]));
        var driver = new Mlx90614(port, Mlx90614.FactoryAddress);
        Assert.Equal(state, driver.ReadObject(out int millidegrees));
        Assert.Equal(expectedMillidegrees, millidegrees);
    }

    /// <summary>DS20005426, 5.1.1: sixteenths of a degree, two's complement.</summary>
    [Theory]
    [InlineData(0x0190, 25_000, SensorState.Good)]
    [InlineData(0x0001, 62, SensorState.Good)]
    [InlineData(0xFFFF, -62, SensorState.Good)]
    [InlineData(0xFFF0, -1_000, SensorState.Good)]
    [InlineData(0x5140, 1_300_000, SensorState.Good)]
    [InlineData(0x5141, 1_300_062, SensorState.OutOfRange)]
    [InlineData(0xF9C0, -100_000, SensorState.Good)]
    [InlineData(0xF9BF, -100_062, SensorState.OutOfRange)]
    public void Mcp9600_Codes(int word, int expectedMillidegrees, SensorState state)
    {
        Mcp9600 driver = Thermocouple(0x41, 0x40);
        port.Answer(0x00, (byte)(word >> 8), (byte)word);
        Assert.Equal(state, driver.ReadJunction(out int millidegrees));
        Assert.Equal(expectedMillidegrees, millidegrees);
    }

    /// <summary>DS20005426, 5.3: bit 4 input range, bit 5 short; only the 9601 means an open circuit by the first.</summary>
    [Theory]
    [InlineData(0x41, 0x50, SensorState.Open)]
    [InlineData(0x41, 0x60, SensorState.Short)]
    [InlineData(0x41, 0x70, SensorState.Short)]
    [InlineData(0x40, 0x50, SensorState.OutOfRange)]
    [InlineData(0x40, 0x60, SensorState.Good)]
    [InlineData(0x42, 0x40, SensorState.BusError)]
    [InlineData(0xFF, 0x40, SensorState.BusError)]
    public void Mcp9600_States(byte identification, byte status, SensorState expected)
    {
        Mcp9600 driver = Thermocouple(identification, status);
        port.Answer(0x00, 0x01, 0x90);
        Assert.Equal(expected, driver.ReadJunction(out _));
    }

    [Fact]
    public void Mcp9600_IsSetToKTypeAt16Bits()
    {
        Thermocouple(0x41, 0x40).ReadJunction(out _);
        Assert.Equal([0x05, 0x00], port.Written[0]);
        Assert.Equal([0x06, 0x20], port.Written[1]);
    }

    /// <summary>Grid-EYE reference specification, temperature data of a pixel: 12 bits, two's complement, 0.25 C.</summary>
    [Theory]
    [InlineData(0x1F4, 125_000, SensorState.Saturated)]
    [InlineData(0x140, 80_000, SensorState.Saturated)]
    [InlineData(0x13F, 79_750, SensorState.Good)]
    [InlineData(0x064, 25_000, SensorState.Good)]
    [InlineData(0x001, 250, SensorState.Good)]
    [InlineData(0x000, 0, SensorState.OutOfRange)]
    [InlineData(0xFFF, -250, SensorState.Good)]
    [InlineData(0xFB0, -20_000, SensorState.Good)]
    [InlineData(0xFAF, -20_250, SensorState.OutOfRange)]
    [InlineData(0xF9C, -25_000, SensorState.OutOfRange)]
    [InlineData(0xF24, -55_000, SensorState.OutOfRange)]
    public void Amg8833_Codes(int word, int expectedMillidegrees, SensorState state)
    {
        byte[] pixels = new byte[128];
        for (int i = 0; i < pixels.Length; i += 2)
        {
            pixels[i] = (byte)word;
            pixels[i + 1] = (byte)(word >> 8);
        }

        port.Answer(0x80, pixels);
        var driver = new Amg8833(port);
        Assert.Equal(state, driver.ReadHottest(out int millidegrees));
        Assert.Equal(expectedMillidegrees, millidegrees);
    }

    [Fact]
    public void Amg8833_GivesItsHottestPixel()
    {
        byte[] pixels = new byte[128];
        pixels[2 * 37] = 0xF0;
        pixels[2 * 12] = 0x9C;
        pixels[(2 * 12) + 1] = 0x0F;
        port.Answer(0x80, pixels);
        var driver = new Amg8833(port);
        Assert.Equal(SensorState.Good, driver.ReadHottest(out int millidegrees));
        Assert.Equal(60_000, millidegrees);
        Assert.Equal(-100, driver.Pixel(12));
        Assert.Equal([[0x00, 0x00], [0x01, 0x3F], [0x02, 0x00]], port.Written);
    }

    [Theory]
    [InlineData(I2cOutcome.NotAcknowledged)]
    [InlineData(I2cOutcome.Partial)]
    [InlineData(I2cOutcome.Timeout)]
    [InlineData(I2cOutcome.Unknown)]
    public void AnyFailedTransfer_IsABusError(I2cOutcome outcome)
    {
        Mcp9600 thermocouple = Thermocouple(0x41, 0x40);
        port.Answer(0x80, [.. Enumerable.Repeat((byte)0x64, 128)]);
        port.Outcome = outcome;
        var array = new Amg8833(port);
        Assert.Equal(SensorState.BusError, thermocouple.ReadJunction(out int hot));
        Assert.Equal(SensorState.BusError, array.ReadHottest(out int hottest));
        Assert.Equal(SensorState.BusError, new Mlx90614(port, 0x5A).ReadObject(out int object1));
        Assert.Equal((0, 0, 0), (hot, hottest, object1));
        Assert.Equal((1, 1), (thermocouple.BusErrorCount, array.BusErrorCount));
    }

    [Theory]
    [InlineData(0, 0x01)]
    [InlineData(3, 0x08)]
    [InlineData(7, 0x80)]
    public void Tca9548a_ReadsItsSelectionBack(int output, byte control)
    {
        var pins = new EmulatedPins(clock);
        var driver = new Tca9548a(port, pins);
        port.Answer(control, control);
        Assert.Equal(I2cOutcome.Complete, driver.Select(output));
        port.Answer(control, (byte)(control ^ 0x11));
        Assert.Equal(I2cOutcome.Partial, driver.Select(output));
        Assert.Equal(1, driver.ErrorCount);
    }

    private Mcp9600 Thermocouple(byte identification, byte status)
    {
        port.Answer(0x20, identification, 0x10);
        port.Answer(0x06, 0x20);
        port.Answer(0x04, status);
        return new Mcp9600(port, clock);
    }
}
