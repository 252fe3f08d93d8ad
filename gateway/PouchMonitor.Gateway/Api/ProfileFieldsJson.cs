using System.Text.Json;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Api;

/// <summary>What a profile holds, for a form made from it: figures with units and bounds, and the rows of the rules that it may change.</summary>
internal static class ProfileFieldsJson
{
    public static void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("figures");
        foreach (ProfileFigure figure in ProfileFigure.All)
        {
            writer.WriteStartObject();
            writer.WriteString("name", figure.Name);
            writer.WriteString("title", figure.Title);
            writer.WriteString("unit", figure.Unit);
            writer.WriteNumber("least", figure.Least);
            writer.WriteNumber("most", figure.Most);
            writer.WriteString("meaning", figure.Meaning);
            writer.WriteBoolean("isLimit", AssignedLimits.Names.Contains(figure.Name, StringComparer.Ordinal));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rules");
        foreach (EditableRule rule in EditableRules.All)
        {
            writer.WriteStartObject();
            writer.WriteString("row", rule.Row);
            writer.WriteString("unit", rule.Unit);
            Write(writer, "raise", rule.Raise);
            Write(writer, "clear", rule.Clear);
            Write(writer, "hold", rule.Hold);
            writer.WriteString("severity", AnalysisJson.NameOf(rule.Severity));
            writer.WriteString("reason", rule.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
