using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// Melexis MLX90614 infrared thermometer by its SMBus words (datasheet 3901090614, 8.4). The packet error code of every
/// answer is checked: without it a disturbed or absent part reads as -273.15 C.
/// </summary>
public sealed class Mlx90614
{
    /// <summary>Address after manufacture.</summary>
    public const int FactoryAddress = 0x5A;

    /// <summary>Highest object temperature of the part, 380 C, in millidegrees; a hotter object stays there.</summary>
    public const int HighestMillidegreesCelsius = 380000;

    /// <summary>Lowest object temperature of the part, -70 C, in millidegrees.</summary>
    public const int LowestMillidegreesCelsius = -70000;

    private const byte OwnWord = 0x06;
    private const byte ObjectWord = 0x07;
    private const byte PecPolynomial = 0x07;
    private const int ErrorFlag = 0x8000;

    // One count is 0.02 K above 0 K.
    private const int MillikelvinPerCount = 20;
    private const int ZeroCelsiusMillikelvin = 273150;

    private readonly II2cPort port;
    private readonly byte addressToWrite;
    private readonly byte addressToRead;
    private readonly byte[] command = new byte[1];
    private readonly byte[] answer = new byte[3];

    public Mlx90614(II2cPort port, int address)
    {
        this.port = port;
        addressToWrite = (byte)(address << 1);
        addressToRead = (byte)((address << 1) | 1);
    }

    /// <summary>Transfers that failed since boot.</summary>
    public int BusErrorCount { get; private set; }

    /// <summary>Answers whose check sum was wrong, since boot.</summary>
    public int PecErrorCount { get; private set; }

    /// <summary>Reads the object's temperature in millidegrees Celsius.</summary>
    public SensorState ReadObject(out int millidegreesCelsius)
    {
        SensorState state = Read(ObjectWord, out millidegreesCelsius);
        if (state != SensorState.Good)
        {
            return state;
        }

        if (millidegreesCelsius < LowestMillidegreesCelsius)
        {
            return SensorState.OutOfRange;
        }

        // 380 C lies between two counts, so the count below it is already the end of the scale.
        return millidegreesCelsius > HighestMillidegreesCelsius - MillikelvinPerCount ? SensorState.Saturated : SensorState.Good;
    }

    /// <summary>Reads the temperature of the part itself in millidegrees Celsius.</summary>
    public SensorState ReadOwn(out int millidegreesCelsius) => Read(OwnWord, out millidegreesCelsius);

    private SensorState Read(byte word, out int millidegreesCelsius)
    {
        millidegreesCelsius = 0;
        command[0] = word;
        if (port.WriteRead(command, 1, answer, 3) != I2cOutcome.Complete)
        {
            BusErrorCount++;
            return SensorState.BusError;
        }

        if (PecOf(word, answer[0], answer[1]) != answer[2])
        {
            PecErrorCount++;
            return SensorState.BusError;
        }

        int raw = answer[0] | (answer[1] << 8);
        if ((raw & ErrorFlag) != 0)
        {
            return SensorState.BusError;
        }

        millidegreesCelsius = (raw * MillikelvinPerCount) - ZeroCelsiusMillikelvin;
        return SensorState.Good;
    }

    private byte PecOf(byte word, byte low, byte high)
    {
        byte crc = 0;
        crc = Next(crc, addressToWrite);
        crc = Next(crc, word);
        crc = Next(crc, addressToRead);
        crc = Next(crc, low);
        return Next(crc, high);
    }

    private static byte Next(byte crc, byte value)
    {
        int shifted = crc ^ value;
        for (int bit = 0; bit < 8; bit++)
        {
            shifted = (shifted & 0x80) != 0 ? (shifted << 1) ^ PecPolynomial : shifted << 1;
        }

        return (byte)shifted;
    }
}
