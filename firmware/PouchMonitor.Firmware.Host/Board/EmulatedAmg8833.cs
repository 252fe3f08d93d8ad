using System;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// AMG8833 at register level (Panasonic, Grid-EYE reference specification): power control 0x00, reset 0x01, frame rate
/// 0x02, and 64 pixels from 0x80 on, low byte first, 12 bits two's complement of a quarter degree. All pixels are 0 until
/// its power is set to normal. The high byte is that of the pixel whose low byte was read last.
/// </summary>
public sealed class EmulatedAmg8833(Func<int, double> pixelC) : IEmulatedPart
{
    private int pointer;
    private byte frameRate;
    private bool isAsleep = true;
    private int latched;

    /// <summary>Frames a second as configured: 10 or 1.</summary>
    public int FramesPerSecond => frameRate == 0 ? 10 : 1;

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        pointer = bytes[0];
        for (int i = 1; i < bytes.Length; i++, pointer++)
        {
            switch (pointer)
            {
                case 0x00:
                    isAsleep = bytes[i] != 0;
                    break;
                case 0x02:
                    frameRate = bytes[i];
                    break;
                default:
                    break;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Read(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Register(pointer + i);
        }
    }

    private byte Register(int at)
    {
        if (at is < 0x80 or > 0xFF || isAsleep)
        {
            return 0;
        }

        if (at % 2 == 0)
        {
            // Both bytes are of one reading: 64.00 and 63.75 C torn apart would make 127.75 C.
            double quarters = Math.Round(pixelC((at - 0x80) / 2) * 4);
            latched = (int)Math.Clamp(quarters, -2048, 2047) & 0xFFF;
            return (byte)latched;
        }

        return (byte)(latched >> 8);
    }
}
