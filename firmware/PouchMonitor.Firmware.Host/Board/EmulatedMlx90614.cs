using System;

namespace PouchMonitor.Firmware.Host.Board;

/// <summary>
/// MLX90614 at word level (datasheet 3901090614, 8.4): RAM words 0x06 (own temperature) and 0x07 (object), 0.02 K a count,
/// each answered with its packet error code. The object reads no hotter than 380 C and no colder than -70 C.
/// </summary>
public sealed class EmulatedMlx90614(int address, Func<double> objectC, Func<double> ownC) : IEmulatedPart
{
    private const byte OwnTemperatureWord = 0x06;
    private const byte ObjectTemperatureWord = 0x07;
    private byte command;

    /// <summary>While true a bit of every check sum is wrong, as on a disturbed line.</summary>
    public bool IsDisturbed { get; set; }

    /// <summary>While true the error flag is set in every answer.</summary>
    public bool HasErrorFlag { get; set; }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        command = bytes[0];
        return command is OwnTemperatureWord or ObjectTemperatureWord;
    }

    /// <inheritdoc/>
    public void Read(Span<byte> bytes)
    {
        double celsius = command == ObjectTemperatureWord ? Math.Clamp(objectC(), -70, 380) : Math.Clamp(ownC(), -40, 125);
        int word = (int)Math.Floor((celsius + 273.15) / 0.02) | (HasErrorFlag ? 0x8000 : 0);
        Span<byte> answer = [(byte)word, (byte)(word >> 8), 0];
        byte pec = Pec([(byte)(address << 1), command, (byte)((address << 1) | 1), answer[0], answer[1]]);
        answer[2] = IsDisturbed ? (byte)(pec ^ 0x10) : pec;
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = i < answer.Length ? answer[i] : (byte)0xFF;
        }
    }

    /// <summary>SMBus packet error code: CRC-8 with polynomial x^8 + x^2 + x + 1, start 0.</summary>
    public static byte Pec(ReadOnlySpan<byte> bytes)
    {
        int crc = 0;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80) != 0 ? ((crc << 1) ^ 0x107) & 0xFF : crc << 1;
            }
        }

        return (byte)crc;
    }
}
