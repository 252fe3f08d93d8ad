using System.Text.Json;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Api;

/// <summary>The JSON of an alarm, for the API, the live stream and MQTT alike.</summary>
public static class AlarmJson
{
    public static void Write(Utf8JsonWriter writer, Alarm alarm)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(alarm);
        writer.WriteStartObject();
        writer.WriteString("id", alarm.Id);
        writer.WriteString("cell", alarm.Cell);
        writer.WriteString("test", alarm.Test);
        writer.WriteString("rule", alarm.Rule);
        writer.WriteString("severity", AnalysisJson.NameOf(alarm.Finding.Severity));
        writer.WriteString("priority", AlarmPriorities.NameOf(alarm.Priority));
        writer.WriteString("state", NameOf(alarm.State));
        writer.WriteNumber("onset", alarm.Finding.OnsetMicroseconds / 1e6);
        writer.WriteNumber("raisedAt", alarm.RaisedMicroseconds / 1e6);
        WriteTime(writer, "clearedAt", alarm.ClearedMicroseconds);
        WriteTime(writer, "acknowledgedAt", alarm.AcknowledgedMicroseconds);
        writer.WriteString("acknowledgedBy", alarm.AcknowledgedBy);
        writer.WriteString("note", alarm.Note);
        writer.WriteBoolean("latched", alarm.Finding.Latches);
        writer.WriteString("measure", alarm.Finding.Measure);
        WriteNumber(writer, "observed", alarm.Finding.Observed);
        WriteNumber(writer, "limit", alarm.Finding.Limit);
        writer.WriteString("unit", alarm.Finding.Unit);
        writer.WriteString("message", alarm.Finding.Message);
        writer.WriteString("action", AlarmGuidance.ActionOf(alarm.Rule));
        writer.WriteString("node", alarm.Node);
        WriteTime(writer, "resetAt", alarm.ResetMicroseconds);
        writer.WriteString("resetBy", alarm.ResetBy);
        WriteNumber(writer, "maximumTemperatureC", alarm.Finding.MaximumTemperatureC);
        WriteNumber(writer, "proposedHazardLevel", alarm.Finding.ProposedHazardLevel);
        writer.WriteNumber("revision", alarm.Revision);
        WriteShelf(writer, alarm.Shelf);
        writer.WriteString("suppressedBecause", alarm.SuppressedBecause);
        writer.WriteString("incident", alarm.Incident);
        writer.WriteNumber("escalation", alarm.Escalation);
        writer.WriteEndObject();
    }

    public static byte[] ToBytes(Alarm alarm) => JsonBytes.Write(writer => Write(writer, alarm));

    public static string NameOf(AlarmState state) => state switch
    {
        AlarmState.Unacknowledged => "unacknowledged",
        AlarmState.Acknowledged => "acknowledged",
        AlarmState.ReturnedUnacknowledged => "returnedUnacknowledged",
        _ => "normal",
    };

    private static void WriteShelf(Utf8JsonWriter writer, AlarmShelf? shelf)
    {
        if (shelf is null)
        {
            writer.WriteNull("shelf");
            return;
        }

        writer.WriteStartObject("shelf");
        writer.WriteNumber("since", shelf.SinceMicroseconds / 1e6);
        writer.WriteNumber("until", shelf.UntilMicroseconds / 1e6);
        writer.WriteString("by", shelf.By);
        writer.WriteString("reason", shelf.Reason);
        writer.WriteEndObject();
    }

    internal static void WriteTime(Utf8JsonWriter writer, string name, long? microseconds) =>
        WriteNumber(writer, name, microseconds / 1e6);

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } known && double.IsFinite(known))
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}

/// <summary>Writes JSON into a new array.</summary>
internal static class JsonBytes
{
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            write(writer);
        }

        return stream.ToArray();
    }
}
