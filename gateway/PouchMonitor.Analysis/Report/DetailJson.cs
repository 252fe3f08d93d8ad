using System.Text.Json;
using PouchMonitor.Analysis.Measures;

namespace PouchMonitor.Analysis.Report;

/// <summary>
/// The JSON names of a test's standing and of dQ/dV (<c>shared/schemas/dqdv.schema.json</c>), written in one place for the command line and the HTTP API
/// alike.
/// </summary>
public static class DetailJson
{
    /// <summary>Writes the fields of a test's standing, and how its capacity went, into the object that is open.</summary>
    public static void Write(Utf8JsonWriter writer, TestStanding standing, ComparableCycles comparable)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(standing);
        ArgumentNullException.ThrowIfNull(comparable);
        writer.WriteString("profile", standing.Profile.Name);
        writer.WriteNumber("sampleCount", standing.SampleCount);
        AnalysisJson.WriteValue(writer, "firstTime", standing.FirstMicroseconds / 1e6);
        AnalysisJson.WriteValue(writer, "lastTime", standing.LastMicroseconds / 1e6);
        AnalysisJson.WriteValue(writer, "retention", standing.Retention);
        AnalysisJson.WriteValue(writer, "referenceCycle", comparable.Reference?.Index);

        // Of the form that a profile's referenceRetention has.
        writer.WriteStartArray("retentionCurve");
        foreach (ComparableCycle one in comparable.Cycles)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(one.Cycle.Index);
            writer.WriteNumberValue(one.Retention);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        if (standing.Projection is not { } projection)
        {
            writer.WriteNull("projection");
            return;
        }

        writer.WriteStartObject("projection");
        AnalysisJson.WriteValue(writer, "cycle", projection.Cycle);
        AnalysisJson.WriteValue(writer, "lowCycle", projection.LowCycle);
        AnalysisJson.WriteValue(writer, "highCycle", projection.HighCycle);
        writer.WriteEndObject();
    }

    /// <summary>Writes dQ/dV of a test as one object.</summary>
    public static void Write(Utf8JsonWriter writer, TestDetail detail)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(detail);
        writer.WriteStartObject();
        writer.WriteNumber("gridV", DifferentialCurve.GridV);
        writer.WriteNumber("smoothingV", DifferentialCurve.SmoothingV);
        writer.WriteStartArray("halfCycles");
        foreach (DifferentialCapacity half in detail.Halves)
        {
            writer.WriteStartObject();
            WriteFields(writer, half);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("separations");
        foreach (PeakSeparation separation in detail.Separations)
        {
            Write(writer, separation);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("curves");
        foreach (ShownCycle shown in detail.Shown)
        {
            WriteCurves(writer, shown, "charge", shown.Charge);
            WriteCurves(writer, shown, "discharge", shown.Discharge);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes what dQ/dV of one half cycle shows into the object that is open.</summary>
    public static void WriteFields(Utf8JsonWriter writer, DifferentialCapacity half)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(half);
        writer.WriteNumber("cycle", half.Cycle);
        writer.WriteString("half", AnalysisJson.NameOf(half.Half));
        AnalysisJson.WriteValue(writer, "start", half.StartMicroseconds / 1e6);
        AnalysisJson.WriteValue(writer, "rateA", half.RateA);
        writer.WriteString("reason", half.Reason);
        writer.WriteStartArray("peaks");
        foreach (DifferentialPeak peak in half.Peaks)
        {
            writer.WriteStartObject();
            AnalysisJson.WriteValue(writer, "positionV", peak.PositionV);
            AnalysisJson.WriteValue(writer, "heightAhPerV", peak.HeightAhPerV);
            AnalysisJson.WriteValue(writer, "areaAh", peak.AreaAh);
            AnalysisJson.WriteValue(writer, "widthV", peak.WidthV);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes one pair of peaks.</summary>
    public static void Write(Utf8JsonWriter writer, PeakSeparation separation)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(separation);
        writer.WriteStartObject();
        writer.WriteNumber("cycle", separation.Cycle);
        AnalysisJson.WriteValue(writer, "chargeV", separation.Charge.PositionV);
        AnalysisJson.WriteValue(writer, "dischargeV", separation.Discharge.PositionV);
        AnalysisJson.WriteValue(writer, "separationV", separation.SeparationV);
        writer.WriteEndObject();
    }

    /// <summary>Writes the points of a dQ/dV curve as the field <c>dqdv</c>; null where there is none.</summary>
    public static void WriteCurve(Utf8JsonWriter writer, DifferentialCurve? curve)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (curve is null)
        {
            writer.WriteNull("dqdv");
            return;
        }

        writer.WriteStartObject("dqdv");
        WriteNumbers(writer, "voltageV", curve.VoltageV);
        WriteNumbers(writer, "densityAhPerV", curve.DensityAhPerV);
        writer.WriteEndObject();
    }

    private static void WriteCurves(Utf8JsonWriter writer, ShownCycle shown, string name, ShownHalf? half)
    {
        if (half is null)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("cycle", shown.Cycle);
        writer.WriteString("half", name);
        writer.WriteString("role", shown.Role);
        WriteCurve(writer, half.Differential);
        if (half.Voltage is { } voltage)
        {
            writer.WriteStartObject("voltage");
            WriteNumbers(writer, "chargeAh", voltage.ChargeAh);
            WriteNumbers(writer, "voltageV", voltage.VoltageV);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("voltage");
        }

        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyList<double> values)
    {
        writer.WriteStartArray(name);
        foreach (double value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }
}
