using System.Text.Json;
using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>The event <c>abuse</c> of the live stream: enough to turn a screen red, all else is asked for.</summary>
internal static class AbuseEventJson
{
    public static void Write(Utf8JsonWriter writer, AbuseRecord record, int revision)
    {
        ArgumentNullException.ThrowIfNull(record);
        writer.WriteStartObject();
        writer.WriteString("id", record.Id);
        writer.WriteString("cell", record.Cell);
        writer.WriteString("node", record.Node);
        writer.WriteString("channel", record.Channel);
        writer.WriteString("state", AbuseMoves.Name(record.State));
        if (record.TriggeredAt is { } triggered)
        {
            writer.WriteNumber("triggeredAt", triggered);
        }
        else
        {
            writer.WriteNull("triggeredAt");
        }

        writer.WriteString("worst", AbuseJudgement.Worst(record));
        writer.WriteString("stop", record.Stop?.State);
        writer.WriteNumber("revision", revision);
        writer.WriteEndObject();
    }
}
