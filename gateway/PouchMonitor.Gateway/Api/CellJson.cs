using System.Text.Json;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Measurement;

namespace PouchMonitor.Gateway.Api;

/// <summary>The JSON of one channel as the bench wall shows it.</summary>
internal static class CellJson
{
    private static readonly (int Column, string Name, string Field)[] Columns =
    [
        (SampleColumns.Voltage, "voltage", "voltageV"), (SampleColumns.Current, "current", "currentA"),
        (SampleColumns.Surface, "surface", "surfaceC"), (SampleColumns.Infrared, "infrared", "infraredC"),
        (SampleColumns.Ambient, "ambient", "ambientC"),
    ];

    public static void Write(
        Utf8JsonWriter writer, ChannelView view, string bench, bool isOnline, IReadOnlyList<Alarm> alarms, long nowMicroseconds,
        bool withTrend = true)
    {
        TestView? test = view.Tests.Count > 0 ? view.Tests[^1] : null;
        writer.WriteStartObject();
        writer.WriteString("cell", GatewayState.CellOf(view));
        writer.WriteString("test", test?.Record.Test);
        writer.WriteString("node", view.Node);
        writer.WriteString("channel", view.Channel);
        writer.WriteString("bench", bench);
        writer.WriteString("profile", test?.Record.Profile);
        writer.WriteString("profileHash", test?.Record.ProfileHash);
        writer.WriteString("state", StateOf(view, test));
        writer.WriteBoolean("online", isOnline);
        writer.WriteBoolean("live", view.IsLive);
        WriteNumber(writer, "time", view.HasSample ? view.Latest.TimeMicroseconds / 1e6 : null);
        writer.WriteBoolean("clockKnown", view.IsAnchored);
        WriteNumber(writer, "receivedAt", view.HasSample ? view.ReceivedMicroseconds / 1e6 : null);
        WriteNumber(writer, "ageSeconds", view.HasSample ? Math.Max(0, nowMicroseconds - view.ReceivedMicroseconds) / 1e6 : null);
        writer.WriteBoolean("silent", alarms.Any(alarm => alarm.Rule == Analysis.Detection.RuleNames.Silence && alarm.IsActive));
        WriteReadings(writer, view);
        WriteStep(writer, view, test);
        WriteCycles(writer, view, test);
        if (withTrend)
        {
            WriteTrend(writer, view);
        }

        writer.WriteStartArray("alarms");
        foreach (Alarm alarm in alarms)
        {
            AlarmJson.Write(writer, alarm);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteTrend(Utf8JsonWriter writer, ChannelView view)
    {
        writer.WriteStartArray("trend");
        foreach (double[] point in view.Trend)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(point[0]);
            writer.WriteNumberValue(point[1]);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void WriteReadings(Utf8JsonWriter writer, ChannelView view)
    {
        foreach ((int column, _, string field) in Columns)
        {
            WriteNumber(writer, field, view.HasSample && view.Latest.IsGood(column) ? view.Latest.Values[column] : null);
        }

        writer.WriteStartArray("faults");
        foreach ((int column, string name, _) in Columns)
        {
            SensorState state = view.HasSample ? view.Latest.StateOf(column) : SensorState.Absent;
            if (state is not (SensorState.Good or SensorState.Absent))
            {
                writer.WriteStartObject();
                writer.WriteString("column", name);
                writer.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(state.ToString()));
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    /// <summary>The step now running: it began where the last closed one ended. Null before there is one and after the end.</summary>
    private static void WriteStep(Utf8JsonWriter writer, ChannelView view, TestView? test)
    {
        if (test is null || test.Record.Ended || !view.HasSample || view.Live?.Step is not { } kind || kind == StepKind.Unknown
            || (test.Steps.Count > 0 ? test.Steps[^1].EndMicroseconds : test.Record.StartMicroseconds) is not { } since)
        {
            writer.WriteNull("step");
            return;
        }

        writer.WriteStartObject("step");
        writer.WriteNumber("number", test.Steps.Count > 0 ? test.Steps[^1].Index + 1 : 1);
        writer.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()));
        writer.WriteNumber("elapsedSeconds", Math.Max(0, view.Latest.TimeMicroseconds - since) / 1e6);
        writer.WriteEndObject();
    }

    private static void WriteCycles(Utf8JsonWriter writer, ChannelView view, TestView? test)
    {
        WriteNumber(writer, "cycle", view.Live?.RunningCycle);
        writer.WriteNumber("cycleCount", test?.Cycles.Count ?? 0);
        writer.WritePropertyName("lastCycle");
        CycleSummary? last = test is { Cycles.Count: > 0 } ? test.Cycles[^1] : null;
        if (last is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            AnalysisJson.Write(writer, last);
        }

        WriteNumber(writer, "retention", view.Live?.Retention);
        writer.WriteNumber("sampleCount", test?.Record.SampleCount ?? 0);
        writer.WriteNumber("droppedSamples", view.DroppedSamples);
    }

    private static string StateOf(ChannelView view, TestView? test)
    {
        if (!view.HasSample || test is null)
        {
            return "noData";
        }

        return test.Record.Ended ? "ended" : view.Live?.Step switch
        {
            StepKind.Charge or StepKind.ConstantVoltageCharge => "charging",
            StepKind.Discharge => "discharging",
            StepKind.Rest => "resting",
            _ => "noData",
        };
    }

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
