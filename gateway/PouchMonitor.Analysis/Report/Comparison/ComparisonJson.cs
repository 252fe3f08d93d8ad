using System.Text.Json;

namespace PouchMonitor.Analysis.Report.Comparison;

/// <summary>The JSON names of a comparison (<c>shared/schemas/comparison.schema.json</c>).</summary>
internal static class ComparisonJson
{
    public static void Write(Utf8JsonWriter writer, CellComparison comparison)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("cohort");
        foreach (string cell in comparison.Cohort)
        {
            writer.WriteStringValue(cell);
        }

        writer.WriteEndArray();
        writer.WriteBoolean("isReference", comparison.IsReference);
        writer.WriteString("noVerdict", comparison.NoVerdict);
        writer.WriteNumber("limitSpreads", CohortComparison.Limit);
        writer.WriteStartArray("measures");
        foreach (MeasureComparison measure in comparison.Measures)
        {
            writer.WriteStartObject();
            writer.WriteString("measure", measure.Measure.Name);
            writer.WriteNumber("floor", measure.Measure.Floor);
            AnalysisJson.WriteValue(writer, "departsFromCycle", measure.DepartsFromCycle);
            writer.WriteString("verdict", measure.Verdict);
            writer.WriteStartArray("cycles");
            foreach (ComparedCycle cycle in measure.Cycles)
            {
                writer.WriteStartObject();
                writer.WriteNumber("cycle", cycle.Cycle);
                AnalysisJson.WriteValue(writer, "value", cycle.Value);
                AnalysisJson.WriteValue(writer, "median", cycle.Median);
                AnalysisJson.WriteValue(writer, "spread", cycle.Spread);
                AnalysisJson.WriteValue(writer, "departure", cycle.Departure);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
