using System.Text;
using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware.Calibration;

/// <summary>The calibrations of a node's channels in its status, from which the gateway applies them.</summary>
internal static class CalibrationJson
{
    /// <summary>Appends a member for each channel that has one.</summary>
    public static void Append(StringBuilder text, ChannelSampler[] channels, ChannelSensors[] sensors)
    {
        bool isFirst = true;
        for (int i = 0; i < channels.Length; i++)
        {
            ChannelCalibration? record = sensors[i].Calibration;
            if (record != null)
            {
                text.Append(isFirst ? "\"" : ",\"").Append(channels[i].Channel).Append("\":{");
                Append(text, record);
                text.Append('}');
                isFirst = false;
            }
        }
    }

    private static void Append(StringBuilder text, ChannelCalibration record)
    {
        text.Append("\"id\":").Append((long)record.Id);
        text.Append(",\"unixSeconds\":").Append(record.UnixSeconds);
        text.Append(",\"voltageOffsetMillicounts\":").Append(record.VoltageOffsetMillicounts);
        text.Append(",\"voltageGainPpm\":").Append(record.VoltageGainPpm);
        text.Append(",\"currentOffsetMillicounts\":").Append(record.CurrentOffsetMillicounts);
        text.Append(",\"currentGainPpm\":").Append(record.CurrentGainPpm);
        text.Append(",\"emissivityPermille\":").Append(record.EmissivityPermille);
        text.Append(",\"thermistor\":[");
        for (int i = 0; i < record.PointCount; i++)
        {
            text.Append(i == 0 ? "{\"milliohms\":" : ",{\"milliohms\":").Append(record.PointMilliohms[i]);
            text.Append(",\"millidegrees\":").Append(record.PointMillidegrees[i]).Append('}');
        }

        text.Append(']');
    }
}
