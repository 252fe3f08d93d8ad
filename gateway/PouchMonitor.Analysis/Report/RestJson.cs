using System.Text.Json;
using PouchMonitor.Analysis.Measures;

namespace PouchMonitor.Analysis.Report;

/// <summary>The JSON of a rest (<c>shared/schemas/rest.schema.json</c>).</summary>
public static class RestJson
{
    public static void Write(Utf8JsonWriter writer, RestRelaxation rest)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(rest);
        writer.WriteStartObject();
        writer.WriteNumber("step", rest.Step);
        AnalysisJson.WriteValue(writer, "cycle", rest.Cycle);
        writer.WriteString("after", rest.After is { } after ? AnalysisJson.NameOf(after) : null);
        AnalysisJson.WriteTime(writer, "start", rest.StartMicroseconds);
        AnalysisJson.WriteValue(writer, "durationS", rest.Seconds);
        AnalysisJson.WriteValue(writer, "changeAfter10sV", rest.ChangeAfter10sV);
        AnalysisJson.WriteValue(writer, "changeAfter60sV", rest.ChangeAfter60sV);
        AnalysisJson.WriteValue(writer, "changeAfter600sV", rest.ChangeAfter600sV);
        AnalysisJson.WriteValue(writer, "changeAtEndV", rest.ChangeAtEndV);
        AnalysisJson.WriteValue(writer, "driftMvPerH", rest.DriftMvPerH);
        AnalysisJson.WriteValue(writer, "driftLowMvPerH", rest.DriftLowMvPerH);
        AnalysisJson.WriteValue(writer, "driftHighMvPerH", rest.DriftHighMvPerH);
        if (rest.IsSettled is { } isSettled)
        {
            writer.WriteBoolean("settled", isSettled);
        }
        else
        {
            writer.WriteNull("settled");
        }

        AnalysisJson.WriteValue(writer, "selfDischargeAhPerH", rest.SelfDischargeAhPerH);
        writer.WriteEndObject();
    }
}
