using System.Text;

namespace PouchMonitor.Firmware.Protection;

/// <summary>A channel's protection as the fields of a JSON object that follow others; names need no escaping.</summary>
public static class ProtectionReport
{
    /// <summary>Appends kind of test and, of a tripped channel, cause, value, limit, unit and sample.</summary>
    public static void AppendTo(StringBuilder text, ChannelProtection channel)
    {
        text.Append(",\"kind\":\"").Append(ProtectionNames.OfKind(channel.Kind)).Append('"');
        if (channel.State != ProtectionState.Tripped)
        {
            return;
        }

        text.Append(",\"cause\":\"").Append(ProtectionNames.OfCause(channel.Cause));
        text.Append("\",\"value\":").Append(channel.Value);
        text.Append(",\"limit\":").Append(channel.Limit);
        text.Append(",\"unit\":\"").Append(ProtectionNames.UnitOf(channel.Cause));
        text.Append("\",\"sample\":").Append(channel.SampleNumber);
        text.Append(",\"trippedUptimeMs\":").Append(channel.TrippedMicroseconds / 1000);
    }
}
