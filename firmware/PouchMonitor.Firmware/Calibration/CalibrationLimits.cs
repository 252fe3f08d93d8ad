namespace PouchMonitor.Firmware.Calibration;

/// <summary>
/// What a calibration may say. Beyond these the board is broken or the reference was wrong, and a number that hid it would
/// be worse than none: converter and resistors are within 0.5 % together, offsets within a few counts.
/// </summary>
internal static class CalibrationLimits
{
    /// <summary>Offset at most, either way: 200 counts, 37.5 mV or 1.6 mV over the shunt.</summary>
    public const long OffsetMillicounts = 200000;

    /// <summary>Gain at most, either way: 2 %.</summary>
    public const long GainPpm = 20000;

    private const long LowestMilliohms = 1000;
    private const long HighestMilliohms = 100000000000;
    private const long LowestMillidegrees = -45000;
    private const long HighestMillidegrees = 250000;
    private const long LeastSpanMillidegrees = 5000;

    /// <summary>Null when a record keeps to them, else one line.</summary>
    public static string? Fault(string channel, ChannelCalibration record) =>
        Outside("voltage offset of channel " + channel, record.VoltageOffsetMillicounts, OffsetMillicounts, "thousandths of a count")
        ?? Outside("current offset of channel " + channel, record.CurrentOffsetMillicounts, OffsetMillicounts, "thousandths of a count")
        ?? Outside("voltage gain of channel " + channel, record.VoltageGainPpm, GainPpm, "ppm")
        ?? Outside("current gain of channel " + channel, record.CurrentGainPpm, GainPpm, "ppm")
        ?? EmissivityFault(channel, record.EmissivityPermille)
        ?? PointFault(channel, record);

    private static string? Outside(string thing, long value, long limit, string unit) => value < -limit || value > limit
        ? thing + " is " + value + " " + unit + ", must be -" + limit + " to " + limit
        : null;

    private static string? EmissivityFault(string channel, int permille) => permille < 100 || permille > 1000
        ? "emissivity of channel " + channel + " is " + permille + " permille, must be 100 to 1000"
        : null;

    private static string? PointFault(string channel, ChannelCalibration record)
    {
        if (record.PointCount < 0 || record.PointCount > ChannelCalibration.MaximumPoints)
        {
            return "there are " + record.PointCount + " thermistor points of channel " + channel + ", must be 0 to 3";
        }

        for (int i = 0; i < record.PointCount; i++)
        {
            long millidegrees = record.PointMillidegrees[i];
            if (millidegrees < LowestMillidegrees || millidegrees > HighestMillidegrees)
            {
                return "temperature of channel " + channel + " is " + millidegrees + " millidegrees, must be -45000 to 250000";
            }

            if (record.PointMilliohms[i] < LowestMilliohms || record.PointMilliohms[i] > HighestMilliohms)
            {
                return "thermistor of channel " + channel + " has " + record.PointMilliohms[i] + " milliohms, must be 1000 to 100000000000";
            }

            for (int other = 0; other < i; other++)
            {
                long apart = millidegrees - record.PointMillidegrees[other];
                bool isClose = apart < LeastSpanMillidegrees && apart > -LeastSpanMillidegrees;

                // Hotter is lower: everything else is no negative-coefficient thermistor.
                bool isWrong = apart > 0 != record.PointMilliohms[i] < record.PointMilliohms[other]
                    || record.PointMilliohms[i] == record.PointMilliohms[other];
                if (isClose || isWrong)
                {
                    return "thermistor point " + (i + 1) + " of channel " + channel + " is " + millidegrees + " millidegrees at "
                        + record.PointMilliohms[i] + " milliohms, must be 5000 millidegrees or more from point " + (other + 1)
                        + " (" + record.PointMillidegrees[other] + " at " + record.PointMilliohms[other] + ") and lower where hotter";
                }
            }
        }

        return null;
    }
}
