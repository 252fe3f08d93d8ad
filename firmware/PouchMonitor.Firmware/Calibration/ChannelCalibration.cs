using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Calibration;

/// <summary>
/// What is known of one channel's front end, in whole numbers. Voltage and current travel as raw counts with
/// <see cref="Id"/> beside them, and the gateway applies (count - offset) * (1 + gain); the thermistor's points and the
/// emissivity are applied here, since they decide what a count is. The id is a check sum of everything, the date included,
/// so that another content has another id.
/// </summary>
public sealed class ChannelCalibration
{
    /// <summary>Most points of a thermistor.</summary>
    public const int MaximumPoints = 3;

    /// <summary>Emissivity of a black body, at which nothing is corrected.</summary>
    public const int BlackPermille = 1000;

    private const byte Version = 1;
    private const int BytesPerNumber = 8;
    private const int NumberCount = 7 + (2 * MaximumPoints);
    private const int Length = 1 + (NumberCount * BytesPerNumber);

    /// <summary>Unix seconds of the last change; 0 where the date was not known.</summary>
    public long UnixSeconds;

    /// <summary>Reading of the voltage with 0 V at the input, thousandths of a count.</summary>
    public long VoltageOffsetMillicounts;

    /// <summary>What the voltage reads too little, millionths.</summary>
    public long VoltageGainPpm;

    /// <summary>Reading of the current with no current flowing, thousandths of a count.</summary>
    public long CurrentOffsetMillicounts;

    /// <summary>What the current reads too little, millionths.</summary>
    public long CurrentGainPpm;

    /// <summary>Points of the surface thermistor: 0 takes the configured curve, 1 shifts it, 2 fit a beta, 3 Steinhart-Hart.</summary>
    public int PointCount;

    /// <summary>Resistance at each point.</summary>
    public readonly long[] PointMilliohms = new long[MaximumPoints];

    /// <summary>Temperature at each point.</summary>
    public readonly long[] PointMillidegrees = new long[MaximumPoints];

    /// <summary>Emissivity of what the infrared thermometer looks at.</summary>
    public int EmissivityPermille = BlackPermille;

    /// <summary>Never 0, which on the wire means none.</summary>
    public uint Id
    {
        get
        {
            uint sum = Crc32C.Compute(ToBytes(), 0, Length);
            return sum == 0 ? 1 : sum;
        }
    }

    /// <summary>The record in these bytes; null when they are not one of this version, or hold what no command could have made.</summary>
    public static ChannelCalibration? FromBytes(byte[] bytes)
    {
        if (bytes.Length != Length || bytes[0] != Version)
        {
            return null;
        }

        var read = new ChannelCalibration();
        read.UnixSeconds = Get(bytes, 0);
        read.VoltageOffsetMillicounts = Get(bytes, 1);
        read.VoltageGainPpm = Get(bytes, 2);
        read.CurrentOffsetMillicounts = Get(bytes, 3);
        read.CurrentGainPpm = Get(bytes, 4);
        read.EmissivityPermille = (int)Get(bytes, 5);
        read.PointCount = (int)Get(bytes, 6);
        for (int i = 0; i < MaximumPoints; i++)
        {
            read.PointMilliohms[i] = Get(bytes, 7 + (2 * i));
            read.PointMillidegrees[i] = Get(bytes, 8 + (2 * i));
        }

        return CalibrationLimits.Fault("", read) == null ? read : null;
    }

    /// <summary>The record as it is kept.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        bytes[0] = Version;
        Put(bytes, 0, UnixSeconds);
        Put(bytes, 1, VoltageOffsetMillicounts);
        Put(bytes, 2, VoltageGainPpm);
        Put(bytes, 3, CurrentOffsetMillicounts);
        Put(bytes, 4, CurrentGainPpm);
        Put(bytes, 5, EmissivityPermille);
        Put(bytes, 6, PointCount);
        for (int i = 0; i < MaximumPoints; i++)
        {
            Put(bytes, 7 + (2 * i), i < PointCount ? PointMilliohms[i] : 0);
            Put(bytes, 8 + (2 * i), i < PointCount ? PointMillidegrees[i] : 0);
        }

        return bytes;
    }

    private static void Put(byte[] to, int index, long value)
    {
        for (int i = 0; i < BytesPerNumber; i++)
        {
            to[1 + (index * BytesPerNumber) + i] = (byte)(value >> (8 * i));
        }
    }

    private static long Get(byte[] from, int index)
    {
        long value = 0;
        for (int i = BytesPerNumber - 1; i >= 0; i--)
        {
            value = (value << 8) | from[1 + (index * BytesPerNumber) + i];
        }

        return value;
    }
}
