using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sensing;

/// <summary>
/// Texas Instruments ADS1115 by its registers (datasheet SBAS444, 9.6). A conversion is started and fetched in two calls,
/// so that two parts convert at the same time. Every transfer is checked; an absent part is a bus error, never 0 V.
/// </summary>
public sealed class Ads1115
{
    /// <summary>Difference of inputs 0 and 1.</summary>
    public const int InputDifference01 = 0;

    /// <summary>Input 0 against ground; 1 to 3 follow.</summary>
    public const int InputSingle0 = 4;

    /// <summary>Full scale 6.144 V: one count is 187.5 uV.</summary>
    public const int Range6144Millivolts = 0;

    /// <summary>Full scale 4.096 V: one count is 125 uV.</summary>
    public const int Range4096Millivolts = 1;

    /// <summary>Full scale 0.256 V: one count is 7.8125 uV.</summary>
    public const int Range256Millivolts = 5;

    /// <summary>Fastest rate, 860 conversions a second.</summary>
    public const int Rate860 = 7;

    /// <summary>The rate after reset, 128 conversions a second.</summary>
    public const int Rate128 = 4;

    /// <summary>Highest code; the truth is at or above it.</summary>
    public const int HighestCode = 32767;

    /// <summary>Lowest code; the truth is at or below it.</summary>
    public const int LowestCode = -32768;

    private const byte ConversionRegister = 0;
    private const byte ConfigurationRegister = 1;
    private const int OperationalBit = 0x8000;
    private const int SingleShotBit = 0x0100;
    private const int ComparatorOff = 0x0003;
    private const int LateReadyPolls = 3;

    private readonly II2cPort port;
    private readonly IClock clock;
    private readonly int rateCode;
    private readonly long conversionMicroseconds;
    private readonly byte[] written = new byte[3];
    private readonly byte[] read = new byte[2];
    private int configuration;
    private long startedMicroseconds;
    private bool isStarted;

    public Ads1115(II2cPort port, IClock clock, int rateCode)
    {
        this.port = port;
        this.clock = clock;
        this.rateCode = rateCode;
        conversionMicroseconds = ConversionMicroseconds(rateCode);
    }

    /// <summary>Transfers that failed since boot.</summary>
    public int BusErrorCount { get; private set; }

    /// <summary>
    /// Longest time of one conversion, microseconds: the nominal one and the 10 % by which the part's clock may be slow,
    /// and 30 us to wake up.
    /// </summary>
    public static long ConversionMicroseconds(int rateCode)
    {
        switch (rateCode)
        {
            case 0: return 137530;
            case 1: return 68780;
            case 2: return 34405;
            case 3: return 17218;
            case 4: return 8624;
            case 5: return 4430;
            case 6: return 2346;
            default: return 1309;
        }
    }

    /// <summary>The range code of a full scale in millivolts (SBAS444, table 8-3); -1 where the part has none such.</summary>
    public static int RangeOf(int fullScaleMillivolts)
    {
        switch (fullScaleMillivolts)
        {
            case 6144: return Range6144Millivolts;
            case 4096: return Range4096Millivolts;
            case 2048: return 2;
            case 1024: return 3;
            case 512: return 4;
            case 256: return Range256Millivolts;
            default: return -1;
        }
    }

    /// <summary>Starts one conversion; false when the part did not take the order.</summary>
    public bool Start(int input, int range)
    {
        configuration = (input << 12) | (range << 9) | SingleShotBit | (rateCode << 5) | ComparatorOff;
        int ordered = configuration | OperationalBit;
        written[0] = ConfigurationRegister;
        written[1] = (byte)(ordered >> 8);
        written[2] = (byte)ordered;
        isStarted = Succeeded(port.Write(written, 3));
        startedMicroseconds = clock.UptimeMicroseconds;
        return isStarted;
    }

    /// <summary>
    /// Waits for the conversion that was started and fetches its code. <see cref="SensorState.BusError"/> when a transfer
    /// failed, the part lost its configuration (it was reset) or never became ready; <see cref="SensorState.Saturated"/>
    /// at either end of the scale.
    /// </summary>
    public SensorState Fetch(out int code)
    {
        code = 0;
        if (!isStarted)
        {
            return SensorState.BusError;
        }

        isStarted = false;
        long left = startedMicroseconds + conversionMicroseconds - clock.UptimeMicroseconds;
        if (left > 0)
        {
            clock.WaitMicroseconds(left);
        }

        if (!BecomesReady() || !ReadRegister(ConversionRegister, out int raw))
        {
            return SensorState.BusError;
        }

        code = raw >= 0x8000 ? raw - 0x10000 : raw;
        return code == HighestCode || code == LowestCode ? SensorState.Saturated : SensorState.Good;
    }

    private bool BecomesReady()
    {
        for (int poll = 0; poll <= LateReadyPolls; poll++)
        {
            // The bits we wrote are compared as well: a part that was reset meanwhile converts something else.
            if (!ReadRegister(ConfigurationRegister, out int value) || (value & ~OperationalBit) != configuration)
            {
                return false;
            }

            if ((value & OperationalBit) != 0)
            {
                return true;
            }

            clock.WaitMicroseconds(conversionMicroseconds / 8);
        }

        return false;
    }

    private bool ReadRegister(byte register, out int value)
    {
        written[0] = register;
        bool succeeded = Succeeded(port.WriteRead(written, 1, read, 2));
        value = succeeded ? (read[0] << 8) | read[1] : 0;
        return succeeded;
    }

    private bool Succeeded(I2cOutcome outcome)
    {
        if (outcome == I2cOutcome.Complete)
        {
            return true;
        }

        BusErrorCount++;
        return false;
    }
}
