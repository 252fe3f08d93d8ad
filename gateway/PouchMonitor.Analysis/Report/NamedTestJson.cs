using System.Text.Json;
using PouchMonitor.Analysis.NamedTests;

namespace PouchMonitor.Analysis.Report;

/// <summary>The JSON of named tests (<c>shared/schemas/named-test.schema.json</c>); times are seconds, what is not known is <c>null</c>.</summary>
public static class NamedTestJson
{
    public static void Write(Utf8JsonWriter writer, NamedTest test)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(test);
        writer.WriteStartObject();
        writer.WriteString("name", NamedTestNames.NameOf(test.Kind));
        writer.WriteBoolean("declared", test.IsDeclared);
        writer.WriteString("why", test.Why);
        AnalysisJson.WriteTime(writer, "start", test.StartMicroseconds);
        AnalysisJson.WriteTime(writer, "end", test.EndMicroseconds);
        writer.WriteStartObject("values");
        foreach (NamedValue value in test.Values)
        {
            AnalysisJson.WriteValue(writer, value.Name, value.Value);
        }

        writer.WriteEndObject();
        writer.WriteString("groupName", test.GroupName);
        writer.WriteStartArray("groups");
        foreach (NamedGroup group in test.Groups)
        {
            writer.WriteStartObject();
            for (int i = 0; i < test.Columns.Count; i++)
            {
                AnalysisJson.WriteValue(writer, test.Columns[i], group.Values[i]);
            }

            writer.WriteString("quality", AnalysisJson.NameOf(group.Quality));
            writer.WriteString("qualityReason", group.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("omittedGroups", test.OmittedGroupCount);
        writer.WriteString("quality", AnalysisJson.NameOf(test.Quality));
        writer.WriteString("qualityReason", test.Reason);
        writer.WriteEndObject();
    }
}
