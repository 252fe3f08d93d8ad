using System.Text.Json;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Api;

/// <summary>The JSON of a line of the alarm history.</summary>
internal static class AlarmHistoryJson
{
    public static void Write(Utf8JsonWriter writer, AlarmHistoryLine line)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", line.Id);
        writer.WriteNumber("at", line.AtMicroseconds / 1e6);
        writer.WriteString("cell", line.Cell);
        writer.WriteString("test", line.Test);
        writer.WriteString("rule", line.Rule);
        writer.WriteString("from", JsonNamingPolicy.CamelCase.ConvertName(line.From));
        writer.WriteString("to", JsonNamingPolicy.CamelCase.ConvertName(line.To));
        writer.WriteString("by", line.Person);
        writer.WriteString("note", line.Note);
        writer.WriteString("reason", line.Reason);
        writer.WriteEndObject();
    }
}

/// <summary>The JSON of the alarm statistics.</summary>
internal static class AlarmStatisticsJson
{
    public static void Write(Utf8JsonWriter writer, AlarmStatistics statistics)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("weeks");
        foreach ((long from, long to, IReadOnlyList<int> counts) in statistics.Weeks)
        {
            writer.WriteStartObject();
            writer.WriteNumber("from", from / 1e6);
            writer.WriteNumber("to", to / 1e6);
            WritePriorities(writer, "counts", priority => counts[(int)priority]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WritePriorities(writer, "targets", priority => AlarmStatistics.WeeklyTargets[priority]);
        WriteFigures(writer, "mostFrequent", "count", statistics.MostFrequent);
        WriteFigures(writer, "standing", "hours", statistics.Standing);
        WriteFigures(writer, "chattering", "count", statistics.Chattering);
        writer.WriteNumber("peakPerTenMinutes", statistics.PeakPerTenMinutes);
        if (statistics.MeanSecondsToAcknowledge is { } seconds)
        {
            writer.WriteNumber("meanSecondsToAcknowledge", seconds);
        }
        else
        {
            writer.WriteNull("meanSecondsToAcknowledge");
        }

        writer.WriteNumber("floods", statistics.Floods);
        writer.WriteEndObject();
    }

    private static void WritePriorities(Utf8JsonWriter writer, string name, Func<AlarmPriority, int> count)
    {
        writer.WriteStartObject(name);
        foreach (AlarmPriority priority in Enum.GetValues<AlarmPriority>())
        {
            writer.WriteNumber(AlarmPriorities.NameOf(priority), count(priority));
        }

        writer.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter writer, string name, string unit, IReadOnlyList<AlarmFigure> figures)
    {
        writer.WriteStartArray(name);
        foreach (AlarmFigure figure in figures)
        {
            writer.WriteStartObject();
            writer.WriteString("cell", figure.Cell);
            writer.WriteString("rule", figure.Rule);
            writer.WriteNumber(unit, figure.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
