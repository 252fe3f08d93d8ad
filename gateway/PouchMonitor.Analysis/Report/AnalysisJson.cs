using System.Text.Json;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Report;

/// <summary>
/// The JSON names of cycles, steps, pulses and findings, written in one place for the command line and the HTTP API alike.
/// Times are seconds; numbers are written in their shortest form that reads back to the same double; what is not known
/// is <c>null</c>.
/// </summary>
public static class AnalysisJson
{
    private const double MicrosecondsPerSecond = 1e6;

    public static void Write(Utf8JsonWriter writer, CycleSummary cycle)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(cycle);
        writer.WriteStartObject();
        writer.WriteNumber("index", cycle.Index);
        WriteTime(writer, "start", cycle.StartMicroseconds);
        WriteTime(writer, "end", cycle.EndMicroseconds);
        WriteValue(writer, "chargeCapacityAh", cycle.ChargeCapacityAh);
        WriteValue(writer, "chargeCapacityUncertaintyAh", cycle.ChargeCapacityUncertaintyAh);
        WriteValue(writer, "dischargeCapacityAh", cycle.DischargeCapacityAh);
        WriteValue(writer, "dischargeCapacityUncertaintyAh", cycle.DischargeCapacityUncertaintyAh);
        WriteValue(writer, "coulombicEfficiency", cycle.CoulombicEfficiency);
        WriteValue(writer, "coulombicEfficiencyUncertainty", cycle.CoulombicEfficiencyUncertainty);
        WriteValue(writer, "chargeEnergyWh", cycle.ChargeEnergyWh);
        WriteValue(writer, "dischargeEnergyWh", cycle.DischargeEnergyWh);
        WriteValue(writer, "energyEfficiency", cycle.EnergyEfficiency);
        WriteValue(writer, "specificEnergyWhPerKg", cycle.SpecificEnergyWhPerKg);
        WriteValue(writer, "inefficiencyPerHour", cycle.InefficiencyPerHour);
        WriteValue(writer, "meanChargeVoltageV", cycle.MeanChargeVoltageV);
        WriteValue(writer, "meanDischargeVoltageV", cycle.MeanDischargeVoltageV);
        WriteValue(writer, "polarizationV", cycle.PolarizationV);
        WriteValue(writer, "polarizationUncertaintyV", cycle.PolarizationUncertaintyV);
        WriteValue(writer, "constantVoltageChargeAh", cycle.ConstantVoltageChargeAh);
        WriteValue(writer, "maxTemperatureC", cycle.MaxTemperatureC);
        writer.WriteString("quality", NameOf(cycle.Quality));
        writer.WriteString("qualityReason", cycle.QualityReason);
        writer.WriteNumber("revision", cycle.Revision);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, StepSummary step)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(step);
        writer.WriteStartObject();
        writer.WriteNumber("index", step.Index);
        WriteValue(writer, "cycle", step.Cycle);
        writer.WriteString("half", step.Half is { } half ? NameOf(half) : null);
        writer.WriteString("kind", NameOf(step.Kind));
        writer.WriteString("mode", NameOf(step.Mode));
        WriteTime(writer, "start", step.StartMicroseconds);
        WriteTime(writer, "end", step.EndMicroseconds);
        WriteValue(writer, "chargeAh", step.ChargeAh);
        WriteValue(writer, "dischargeAh", step.DischargeAh);
        WriteValue(writer, "chargeEnergyWh", step.ChargeEnergyWh);
        WriteValue(writer, "dischargeEnergyWh", step.DischargeEnergyWh);
        WriteValue(writer, "constantVoltageAh", step.ConstantVoltageAh);
        WriteValue(writer, "constantVoltageS", step.ConstantVoltageSeconds);
        WriteValue(writer, "firstVoltageV", step.FirstVoltageV);
        WriteValue(writer, "lastVoltageV", step.LastVoltageV);
        WriteValue(writer, "meanVoltageV", step.MeanVoltageV);
        WriteValue(writer, "meanCurrentA", step.MeanCurrentA);
        WriteValue(writer, "minTemperatureC", step.MinTemperatureC);
        WriteValue(writer, "maxTemperatureC", step.MaxTemperatureC);
        writer.WriteNumber("samples", step.SampleCount);
        writer.WriteString("quality", NameOf(step.Quality));
        writer.WriteString("qualityReason", step.QualityReason);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, PulseResistance pulse)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(pulse);
        writer.WriteStartObject();
        WriteTime(writer, "time", pulse.TimeMicroseconds);
        WriteValue(writer, "currentA", pulse.CurrentA);
        WriteValue(writer, "r0Ohm", pulse.R0Ohm);
        WriteValue(writer, "r1sOhm", pulse.R1sOhm);
        WriteValue(writer, "r10sOhm", pulse.R10sOhm);
        WriteValue(writer, "r18sOhm", pulse.R18sOhm);
        WriteValue(writer, "r30sOhm", pulse.R30sOhm);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, Finding finding)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(finding);
        writer.WriteStartObject();
        writer.WriteString("id", finding.Id);
        WriteTime(writer, "time", finding.OnsetMicroseconds);
        if (finding.Cycle is int cycle)
        {
            writer.WriteNumber("cycle", cycle);
        }
        else
        {
            writer.WriteNull("cycle");
        }

        writer.WriteString("rule", finding.Rule);
        writer.WriteString("severity", NameOf(finding.Severity));
        writer.WriteString("measure", finding.Measure);
        WriteValue(writer, "observed", finding.Observed);
        WriteValue(writer, "limit", finding.Limit);
        writer.WriteString("unit", finding.Unit);
        writer.WriteString("message", finding.Message);
        WriteValue(writer, "cleared", finding.ClearedMicroseconds / MicrosecondsPerSecond);
        writer.WriteBoolean("latches", finding.Latches);
        WriteValue(writer, "maximumTemperatureC", finding.MaximumTemperatureC);
        WriteValue(writer, "proposedHazardLevel", finding.ProposedHazardLevel);
        writer.WriteEndObject();
    }

    /// <summary>The name of a severity as the contracts fix it.</summary>
    public static string NameOf(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Advisory => "advisory",
        FindingSeverity.Warning => "warning",
        FindingSeverity.Critical => "critical",
        FindingSeverity.Emergency => "emergency",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "not a severity"),
    };

    /// <summary>The name of a cycle's quality as the contracts fix it.</summary>
    public static string NameOf(CycleQuality quality) => quality switch
    {
        CycleQuality.Complete => "complete",
        CycleQuality.Partial => "partial",
        CycleQuality.Gapped => "gapped",
        CycleQuality.Unusual => "unusual",
        _ => throw new ArgumentOutOfRangeException(nameof(quality), quality, "not a quality"),
    };

    /// <summary>The name of what a step is.</summary>
    public static string NameOf(StepKind kind) => kind switch
    {
        StepKind.Rest => "rest",
        StepKind.Charge => "charge",
        StepKind.Discharge => "discharge",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not the kind of a step"),
    };

    /// <summary>The name of how a step's current ran; null where that is not known.</summary>
    public static string? NameOf(StepMode mode) => mode switch
    {
        StepMode.Unknown => null,
        StepMode.ConstantCurrent => "constant-current",
        StepMode.ConstantCurrentConstantVoltage => "constant-current-constant-voltage",
        StepMode.ConstantVoltage => "constant-voltage",
        StepMode.Varying => "varying",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "not a mode of a step"),
    };

    internal static void WriteTime(Utf8JsonWriter writer, string name, long microseconds) =>
        writer.WriteNumber(name, microseconds / MicrosecondsPerSecond);

    /// <summary>JSON has no NaN and no infinity; both would mean that nothing is known, which is null.</summary>
    internal static void WriteValue(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is double known && double.IsFinite(known))
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
