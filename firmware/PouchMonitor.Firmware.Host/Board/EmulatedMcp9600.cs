using System;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// MCP9600 or MCP9601 at register level (datasheet DS20005426, 5): hot junction 0x00 in sixteenths of a degree, status 0x04
/// with its update, range and short bits, sensor and device configuration 0x05 and 0x06, identification 0x20. A conversion
/// takes 320, 80, 20 or 5 ms by its resolution. An MCP9601 tells an open circuit by the range bit.
/// </summary>
public sealed class EmulatedMcp9600 : IEmulatedPart
{
    private const byte UpdateBit = 0x40;
    private const byte ShortBit = 0x20;
    private const byte RangeBit = 0x10;
    private static readonly int[] ConversionMicroseconds = [320_000, 80_000, 20_000, 5_000];

    private readonly VirtualClock clock;
    private readonly Func<double> hotC;
    private readonly bool isMcp9601;
    private int pointer;
    private byte sensorConfiguration;
    private byte deviceConfiguration;
    private bool isUpdated;
    private bool isBeyond;
    private short hot;
    private long nextMicroseconds;

    public EmulatedMcp9600(VirtualClock clock, Func<double> hotC, bool isMcp9601 = true)
    {
        this.clock = clock;
        this.hotC = hotC;
        this.isMcp9601 = isMcp9601;
        Reset();
    }

    /// <summary>A wire of the thermocouple is broken; an MCP9600 goes on with a floating input.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The wires touch the supply or ground.</summary>
    public bool IsShorted { get; set; }

    /// <summary>While true no conversion ends.</summary>
    public bool IsHalted { get; set; }

    /// <summary>Power-on reset: K-type, no filter, 18 bits.</summary>
    public void Reset()
    {
        pointer = 0;
        sensorConfiguration = 0;
        deviceConfiguration = 0;
        isUpdated = false;
        nextMicroseconds = clock.UptimeMicroseconds + ConversionMicroseconds[0];
    }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        Settle();
        pointer = bytes[0];
        if (bytes.Length < 2)
        {
            return true;
        }

        switch (pointer)
        {
            case 0x04:
                isUpdated &= (bytes[1] & UpdateBit) != 0;
                break;
            case 0x05:
                sensorConfiguration = bytes[1];
                break;
            case 0x06:
                deviceConfiguration = bytes[1];
                nextMicroseconds = clock.UptimeMicroseconds + ConversionMicroseconds[(deviceConfiguration >> 5) & 3];
                break;
            default:
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Read(Span<byte> bytes)
    {
        Settle();
        ReadOnlySpan<byte> value = pointer switch
        {
            0x00 => [(byte)(hot >> 8), (byte)hot],
            0x04 => [Status()],
            0x05 => [sensorConfiguration],
            0x06 => [deviceConfiguration],
            0x20 => [isMcp9601 ? (byte)0x41 : (byte)0x40, 0x10],
            _ => [0xFF],
        };
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = i < value.Length ? value[i] : (byte)0xFF;
        }
    }

    private byte Status()
    {
        int status = isUpdated ? UpdateBit : 0;
        status |= isBeyond || (IsOpen && isMcp9601) ? RangeBit : 0;
        status |= IsShorted && isMcp9601 ? ShortBit : 0;
        return (byte)status;
    }

    private void Settle()
    {
        if (IsHalted || clock.UptimeMicroseconds < nextMicroseconds)
        {
            return;
        }

        double celsius = hotC();
        isBeyond = celsius is < -200 or > 1372;
        hot = (short)Math.Round(Math.Clamp(celsius, -200, 1372) * 16);
        isUpdated = true;
        nextMicroseconds = clock.UptimeMicroseconds + ConversionMicroseconds[(deviceConfiguration >> 5) & 3];
    }
}
