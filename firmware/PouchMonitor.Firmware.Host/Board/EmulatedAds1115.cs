using System;
using System.Buffers.Binary;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// ADS1115 at register level (datasheet SBAS444, 9.6): pointer, conversion, configuration and both thresholds at their
/// reset values, input switch, gain, data rate, operational bit. The input is taken when a conversion starts; the code
/// appears when its time is over. Codes stop at the ends of the scale.
/// </summary>
public sealed class EmulatedAds1115 : IEmulatedPart
{
    /// <summary>Configuration register after reset.</summary>
    public const ushort ConfigurationAtReset = 0x8583;

    private const int OperationalBit = 0x8000;
    private const int SingleShotBit = 0x0100;

    private static readonly double[] FullScaleV = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];
    private static readonly int[] RateHz = [8, 16, 32, 64, 128, 250, 475, 860];

    // Inputs of the differential settings; settings 4 to 7 are inputs 0 to 3 against ground.
    private static readonly (int Positive, int Negative)[] Differences = [(0, 1), (0, 3), (1, 3), (2, 3)];

    private readonly VirtualClock clock;
    private readonly Func<int, double> pinVolts;
    private int pointer;
    private ushort configuration;
    private short conversion;
    private ushort lowThreshold;
    private ushort highThreshold;
    private short pendingCode;
    private long readyMicroseconds;
    private bool isConverting;

    /// <summary>A part whose four pins have the voltages that <paramref name="pinVolts"/> tells.</summary>
    public EmulatedAds1115(VirtualClock clock, Func<int, double> pinVolts)
    {
        this.clock = clock;
        this.pinVolts = pinVolts;
        Reset();
    }

    /// <summary>Conversions started since it was made.</summary>
    public long ConversionCount { get; private set; }

    /// <summary>World time at which the last conversion began.</summary>
    public long StartedMicroseconds { get; private set; }

    /// <summary>Share by which this part's clock is slow; the datasheet allows 0.1 either way.</summary>
    public double ClockSlowness { get; set; }

    /// <summary>Power-on reset.</summary>
    public void Reset()
    {
        pointer = 0;
        configuration = ConfigurationAtReset;
        conversion = 0;
        lowThreshold = 0x8000;
        highThreshold = 0x7FFF;
        isConverting = false;
    }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        pointer = bytes[0] & 3;
        if (bytes.Length < 3)
        {
            return true;
        }

        ushort value = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
        switch (pointer)
        {
            case 1:
                Configure(value);
                break;
            case 2:
                lowThreshold = value;
                break;
            case 3:
                highThreshold = value;
                break;
            default:
                break; // The conversion register cannot be written.
        }

        return true;
    }

    /// <inheritdoc/>
    public void Read(Span<byte> bytes)
    {
        Settle();
        ushort value = pointer switch
        {
            0 => (ushort)conversion,
            1 => (ushort)((configuration & ~OperationalBit) | (isConverting ? 0 : OperationalBit)),
            2 => lowThreshold,
            _ => highThreshold,
        };
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i % 2 == 0 ? value >> 8 : value);
        }
    }

    private void Configure(ushort value)
    {
        configuration = (ushort)(value & ~OperationalBit);
        bool isSingleShot = (value & SingleShotBit) != 0;
        if (!isSingleShot || (value & OperationalBit) != 0)
        {
            StartConversion(clock.UptimeMicroseconds);
        }
    }

    private void StartConversion(long at)
    {
        int rate = RateHz[(configuration >> 5) & 7];
        isConverting = true;
        StartedMicroseconds = at;
        readyMicroseconds = at + (long)(1e6 / rate * (1 + ClockSlowness));
        pendingCode = CodeOf(InputVolts(), FullScaleV[(configuration >> 9) & 7]);
        ConversionCount++;
    }

    private void Settle()
    {
        while (isConverting && clock.UptimeMicroseconds >= readyMicroseconds)
        {
            conversion = pendingCode;
            isConverting = false;
            if ((configuration & SingleShotBit) == 0)
            {
                StartConversion(Math.Max(readyMicroseconds, clock.UptimeMicroseconds));
            }
        }
    }

    private double InputVolts()
    {
        int input = (configuration >> 12) & 7;
        return input >= 4
            ? pinVolts(input - 4)
            : pinVolts(Differences[input].Positive) - pinVolts(Differences[input].Negative);
    }

    private static short CodeOf(double volts, double fullScaleV) =>
        (short)Math.Clamp(Math.Round(volts / fullScaleV * 32768), short.MinValue, short.MaxValue);
}
