using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>A frame's content as readable JSON, one array to a line: what a golden vector is expected to hold.</summary>
internal static class FrameJson
{
    private static readonly string[] ColumnNames =
        ["voltage", "current", "surface", "infrared", "ambient", "surface2", "surface3", "surface4", "surface5", "surface6"];

    public static string Write(string about, SampleFrame frame)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\n  \"about\": \"{about}\",\n  \"kind\": {(int)frame.Kind},\n  \"node\": \"{frame.Node}\",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"channel\": \"{frame.Channel}\",\n  \"bootHex\": \"{frame.Boot:x16}\",\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"firstSampleNumber\": {frame.FirstSampleNumber},\n  \"sampleCount\": {frame.Count},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"droppedBeforeCount\": {frame.DroppedBeforeCount},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"isLive\": {Bool(frame.IsLive)},\n  \"startsTest\": {Bool(frame.StartsTest)},\n  \"endsTest\": {Bool(frame.EndsTest)},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"bootAnchorUnixMicroseconds\": {Known(frame.HasBootAnchor, frame.BootAnchorUnixMicroseconds)},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"chargedCountMicroseconds\": {Known(frame.HasChargeCounters, frame.ChargedCountMicroseconds)},\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"dischargedCountMicroseconds\": {Known(frame.HasChargeCounters, frame.DischargedCountMicroseconds)},\n");
        text.Append("  \"scales\": {");
        string separator = "\n";
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            ColumnScale scale = frame.Scales[column];
            if (!scale.SameAs(new ColumnScale()))
            {
                text.Append(CultureInfo.InvariantCulture, $"{separator}    \"{ColumnNames[column]}\": {{ \"offset\": {scale.Offset}, \"numerator\": {scale.Numerator}, \"denominator\": {scale.Denominator}, \"calibrationId\": {scale.CalibrationId} }}");
                separator = ",\n";
            }
        }

        text.Append("\n  },\n  \"statesOctal\": [");
        text.AppendJoin(", ", frame.States.Take(frame.Count).Select(s => $"\"{Convert.ToString(s, 8).PadLeft(SampleColumns.Count, '0')}\""));
        text.Append(CultureInfo.InvariantCulture, $"],\n  \"uptimeMicroseconds\": {Row(frame.UptimeMicroseconds, frame)}");
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (Enumerable.Range(0, frame.Count).Any(i => SensorStates.HasValue(frame.States[i], column)))
            {
                text.Append(CultureInfo.InvariantCulture, $",\n  \"{ColumnNames[column]}\": {Row(frame.Counts[column], frame)}");
            }
        }

        if (frame.HasVoltageExtremes)
        {
            text.Append(CultureInfo.InvariantCulture, $",\n  \"voltageMinimum\": {Row(frame.VoltageMinimumCounts, frame)}");
            text.Append(CultureInfo.InvariantCulture, $",\n  \"voltageMaximum\": {Row(frame.VoltageMaximumCounts, frame)}");
        }

        return text.Append("\n}\n").ToString();
    }

    public static SampleFrame Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        int count = root.GetProperty("sampleCount").GetInt32();
        JsonElement anchor = root.GetProperty("bootAnchorUnixMicroseconds");
        JsonElement charged = root.GetProperty("chargedCountMicroseconds");
        JsonElement discharged = root.GetProperty("dischargedCountMicroseconds");
        var frame = new SampleFrame(count)
        {
            Kind = (FrameKind)root.GetProperty("kind").GetInt32(),
            Node = root.GetProperty("node").GetString()!,
            Channel = root.GetProperty("channel").GetString()!,
            Boot = Convert.ToUInt64(root.GetProperty("bootHex").GetString(), 16),
            FirstSampleNumber = root.GetProperty("firstSampleNumber").GetInt64(),
            Count = count,
            DroppedBeforeCount = root.GetProperty("droppedBeforeCount").GetInt64(),
            IsLive = root.GetProperty("isLive").GetBoolean(),
            StartsTest = root.GetProperty("startsTest").GetBoolean(),
            EndsTest = root.GetProperty("endsTest").GetBoolean(),
            HasBootAnchor = anchor.ValueKind != JsonValueKind.Null,
            HasChargeCounters = charged.ValueKind != JsonValueKind.Null,
            HasVoltageExtremes = root.TryGetProperty("voltageMinimum", out _),
        };
        frame.BootAnchorUnixMicroseconds = frame.HasBootAnchor ? anchor.GetInt64() : 0;
        frame.ChargedCountMicroseconds = frame.HasChargeCounters ? charged.GetInt64() : 0;
        frame.DischargedCountMicroseconds = frame.HasChargeCounters ? discharged.GetInt64() : 0;
        foreach (JsonProperty entry in root.GetProperty("scales").EnumerateObject())
        {
            TypicalFrames.Set(
                frame.Scales[Array.IndexOf(ColumnNames, entry.Name)], entry.Value.GetProperty("numerator").GetInt64(),
                entry.Value.GetProperty("denominator").GetInt64(), entry.Value.GetProperty("offset").GetInt64(),
                entry.Value.GetProperty("calibrationId").GetUInt32());
        }

        JsonElement states = root.GetProperty("statesOctal");
        for (int i = 0; i < count; i++)
        {
            frame.States[i] = Convert.ToUInt32(states[i].GetString(), 8);
        }

        Fill(root, "uptimeMicroseconds", frame.UptimeMicroseconds);
        for (int column = 0; column < SampleColumns.Count; column++)
        {
            Fill(root, ColumnNames[column], frame.Counts[column]);
        }

        Fill(root, "voltageMinimum", frame.VoltageMinimumCounts);
        Fill(root, "voltageMaximum", frame.VoltageMaximumCounts);
        return frame;
    }

    private static void Fill(JsonElement root, string name, long[] into)
    {
        if (root.TryGetProperty(name, out JsonElement row))
        {
            for (int i = 0; i < into.Length; i++)
            {
                into[i] = row[i].GetInt64();
            }
        }
    }

    private static string Bool(bool value) => value ? "true" : "false";

    private static string Known(bool isKnown, long value) => isKnown ? value.ToString(CultureInfo.InvariantCulture) : "null";

    private static string Row(long[] values, SampleFrame frame) =>
        "[" + string.Join(", ", values.Take(frame.Count).Select(v => v.ToString(CultureInfo.InvariantCulture))) + "]";
}
