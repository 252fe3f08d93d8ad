using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// Panasonic AMG8833 infrared array (Grid-EYE reference specification): 64 pixels, 12 bits two's complement, a quarter of a
/// degree, from register 0x80 on with the low byte first. What it adds to a cell's record is its hottest spot, which a
/// single thermistor may miss.
/// </summary>
public sealed class Amg8833
{
    /// <summary>Pixels of the array.</summary>
    public const int PixelCount = 64;

    /// <summary>Upper end of the part's range, 80 C, in millidegrees; a hotter spot is at or beyond it.</summary>
    public const int HighestMillidegreesCelsius = 80000;

    private const byte PowerRegister = 0x00;
    private const byte ResetRegister = 0x01;
    private const byte RateRegister = 0x02;
    private const byte FirstPixelRegister = 0x80;
    private const byte NormalPower = 0x00;
    private const byte InitialReset = 0x3F;
    private const byte TenFrames = 0x00;
    private const int PixelBits = 0x0FFF;
    private const int SignBit = 0x0800;
    private const int MillidegreesPerCount = 250;
    private const int LowestMillidegreesCelsius = -20000;

    private readonly RegisterPort registers;
    private readonly byte[] pixels = new byte[2 * PixelCount];

    public Amg8833(II2cPort port)
    {
        registers = new RegisterPort(port);
    }

    /// <summary>Transfers that failed since boot.</summary>
    public int BusErrorCount => registers.ErrorCount;

    /// <summary>Reads the array and gives its hottest spot, millidegrees Celsius.</summary>
    public SensorState ReadHottest(out int millidegreesCelsius)
    {
        millidegreesCelsius = 0;
        if (!registers.IsConfigured)
        {
            registers.IsConfigured = registers.Write(PowerRegister, NormalPower)
                && registers.Write(ResetRegister, InitialReset)
                && registers.Write(RateRegister, TenFrames);
            if (!registers.IsConfigured)
            {
                return SensorState.BusError;
            }
        }

        if (!registers.Read(FirstPixelRegister, pixels, pixels.Length))
        {
            return SensorState.BusError;
        }

        int hottest = Pixel(0);
        int coldest = hottest;
        for (int i = 1; i < PixelCount; i++)
        {
            int pixel = Pixel(i);
            hottest = pixel > hottest ? pixel : hottest;
            coldest = pixel < coldest ? pixel : coldest;
        }

        millidegreesCelsius = hottest * MillidegreesPerCount;
        if (millidegreesCelsius >= HighestMillidegreesCelsius)
        {
            return SensorState.Saturated;
        }

        if (hottest == 0 && coldest == 0)
        {
            // All pixels at exactly 0: the part sleeps or was just reset. It is set up again at the next reading.
            registers.IsConfigured = false;
            return SensorState.OutOfRange;
        }

        return millidegreesCelsius < LowestMillidegreesCelsius ? SensorState.OutOfRange : SensorState.Good;
    }

    /// <summary>A pixel of the last reading, quarters of a degree Celsius.</summary>
    public int Pixel(int index)
    {
        int raw = (pixels[2 * index] | (pixels[(2 * index) + 1] << 8)) & PixelBits;
        return (raw & SignBit) != 0 ? raw - (PixelBits + 1) : raw;
    }
}
