using System.Text.Json;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Gateway.Archive;

/// <summary>Writes a profile as a profile file holds it, so that <c>--profile</c> takes it.</summary>
internal static class ProfileJson
{
    public static void Write(Utf8JsonWriter writer, CellProfile profile)
    {
        writer.WriteStartObject();
        writer.WriteString("name", profile.Name);
        writer.WriteString("description", profile.Description);
        writer.WriteString("kind", profile.Kind switch
        {
            CellKind.Full => "full",
            CellKind.AnodeFree => "anodeFree",
            CellKind.Symmetric => "symmetric",
            _ => "half",
        });
        Write(writer, "nominalCapacityAh", profile.NominalCapacityAh);
        Write(writer, "massG", profile.MassG);
        Write(writer, "minimumVoltageV", profile.MinimumVoltageV);
        Write(writer, "maximumVoltageV", profile.MaximumVoltageV);
        Write(writer, "warningTemperatureC", profile.WarningTemperatureC);
        Write(writer, "maximumWorkingTemperatureC", profile.MaximumWorkingTemperatureC);
        Write(writer, "maximumHeatingRateCPerS", profile.MaximumHeatingRateCPerS);
        writer.WriteNumber("referenceCycle", profile.ReferenceCycle);
        writer.WriteNumber("endOfLifeRetention", profile.EndOfLifeRetention);
        Write(writer, "referenceRetention", profile.ReferenceRetention);
        Write(writer, "referencePolarization", profile.ReferencePolarization);
        Write(writer, profile.RuleChanges);
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

    private static void Write(Utf8JsonWriter writer, RuleChanges changes)
    {
        if (changes.Rows.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("rules");
        foreach (RuleChange change in changes.Rows)
        {
            writer.WriteStartObject(change.Row);
            Write(writer, "raise", change.Raise);
            Write(writer, "clear", change.Clear);
            Write(writer, "hold", change.Hold);
            if (change.Severity is { } severity)
            {
                writer.WriteString("severity", AnalysisJson.NameOf(severity));
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, ReferenceCurve? curve)
    {
        if (curve is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (ReferencePoint point in curve.Points)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(point.Cycle);
            writer.WriteNumberValue(point.Ratio);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
