using System.Text.Json;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Api;

/// <summary>The JSON of an incident, for the API and the live stream alike.</summary>
internal static class IncidentJson
{
    private const int MostBenches = 100;

    public static void Write(Utf8JsonWriter writer, IncidentRecord incident)
    {
        writer.WriteStartObject();
        writer.WriteString("incident", incident.Id);
        writer.WriteString("state", incident.ClosedMicroseconds is null ? "open" : "closed");
        writer.WriteString("priority", AlarmPriorities.NameOf(incident.Priority));
        writer.WriteNumber("openedAt", incident.OpenedMicroseconds / 1e6);
        AlarmJson.WriteTime(writer, "closedAt", incident.ClosedMicroseconds);
        writer.WriteString("mergedInto", incident.MergedInto);
        writer.WriteString("bench", IncidentNotices.BenchText(incident.Benches));
        writer.WriteStartArray("benches");
        foreach (string bench in incident.Benches.Take(MostBenches))
        {
            writer.WriteStringValue(bench);
        }

        writer.WriteEndArray();
        writer.WriteBoolean("labWide", incident.IsLabWide);
        writer.WriteNumber("cells", incident.CellCount);
        writer.WriteNumber("alarmCount", incident.AlarmCount);
        writer.WriteNumber("unacknowledged", incident.Unacknowledged);
        writer.WritePropertyName("firstOut");
        AlarmJson.Write(writer, incident.FirstOut);
        writer.WriteStartArray("alarms");
        foreach (Alarm alarm in incident.Alarms)
        {
            AlarmJson.Write(writer, alarm);
        }

        writer.WriteEndArray();
        writer.WriteNumber("escalation", incident.Escalation);
        writer.WriteStartArray("acknowledgedBy");
        foreach (string person in incident.AcknowledgedBy)
        {
            writer.WriteStringValue(person);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notices");
        foreach (IncidentNotice notice in incident.Notices.TakeLast(AlarmNotice.MostShown))
        {
            writer.WriteStartObject();
            writer.WriteString("key", notice.Key);
            writer.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(notice.Kind.ToString()));
            writer.WriteString("priority", AlarmPriorities.NameOf(notice.Priority));
            writer.WriteNumber("at", notice.AtMicroseconds / 1e6);
            writer.WriteNumber("escalation", notice.Escalation);
            writer.WriteString("by", notice.Person);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
