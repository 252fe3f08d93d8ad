using System.Globalization;
using System.Text;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Influx;

/// <summary>A test, a cycle or a finding as a point: values in the order of the measurement's fields, null where not known.</summary>
/// <param name="Measurement">Which.</param>
/// <param name="Test">The test it belongs to.</param>
/// <param name="Item">Its name within the test.</param>
/// <param name="Tags">Tags but for the variant.</param>
/// <param name="TimeMicroseconds">Unix microseconds.</param>
/// <param name="Values">A double, a long, a string, a bool or null for each field.</param>
internal sealed record RecordPoint(
    InfluxMeasurement Measurement, string Test, string Item, (string Tag, string Value)[] Tags, long TimeMicroseconds, object?[] Values)
{
    /// <summary>A bit for each field that has a value.</summary>
    public long FieldMask => Values.Index().Sum(value => IsWritten(value.Item) ? 1L << value.Index : 0);

    public static RecordPoint Of(TestRecord test, (string Tag, string Value)[] tags) => new(
        InfluxSchema.Tests, test.Test, "", tags, test.StartMicroseconds ?? 0,
        [test.LastMicroseconds, test.SampleCount, test.Ended, test.Profile, true]);

    public static RecordPoint Of(CycleSummary cycle, string item, string test, (string Tag, string Value)[] tags) => new(
        InfluxSchema.Cycles, test, item, tags, cycle.StartMicroseconds,
        [
            (long)cycle.Index, cycle.EndMicroseconds, cycle.ChargeCapacityAh, cycle.DischargeCapacityAh, cycle.CoulombicEfficiency,
            cycle.CoulombicEfficiencyUncertainty, cycle.ChargeEnergyWh, cycle.DischargeEnergyWh, cycle.MeanChargeVoltageV,
            cycle.MeanDischargeVoltageV, cycle.PolarizationV, cycle.ConstantVoltageChargeAh, cycle.MaxTemperatureC,
            AnalysisJson.NameOf(cycle.Quality), (long)cycle.Revision, true, cycle.ChargeCapacityUncertaintyAh,
            cycle.DischargeCapacityUncertaintyAh, cycle.PolarizationUncertaintyV,
        ]);

    public static RecordPoint Of(Finding finding, string test, (string Tag, string Value)[] tags) => new(
        InfluxSchema.Findings, test, finding.Id, [.. tags, (InfluxSchema.Rule, finding.Rule)], finding.OnsetMicroseconds,
        [
            AnalysisJson.NameOf(finding.Severity), (long)finding.Severity, (long?)finding.Cycle, finding.Measure, finding.Observed, finding.Limit,
            finding.Unit, finding.Message, finding.ClearedMicroseconds, finding.MaximumTemperatureC, (long?)finding.ProposedHazardLevel, true,
        ]);

    /// <summary>The whole point.</summary>
    public void Write(LineBuffer into, int variant)
    {
        into.Begin(Key(Measurement, Tags, variant));
        foreach ((int at, object? value) in Values.Index())
        {
            byte[] name = Encoding.UTF8.GetBytes(Measurement.Fields[at].Name);
            switch (value)
            {
                case double number:
                    into.Number(name, number);
                    break;
                case long integer:
                    into.Integer(name, integer);
                    break;
                case bool truth:
                    into.Truth(name, truth);
                    break;
                default:
                    into.Text(name, value as string);
                    break;
            }
        }

        into.End(TimeMicroseconds);
    }

    /// <summary>
    /// Marks a point that was sent earlier as no longer true. VictoriaMetrics keeps the first value of an instant, so that there
    /// the mark stands a millisecond later, as the last value of its series.
    /// </summary>
    public static void WriteWithdrawal(
        LineBuffer into, InfluxMeasurement measurement, (string Tag, string Value)[] tags, SentRecord sent, InfluxKind kind)
    {
        into.Begin(Key(measurement, tags, sent.Variant));
        into.Truth(Encoding.UTF8.GetBytes(InfluxSchema.Valid), value: false);
        into.End(sent.TimeMicroseconds + (kind == InfluxKind.VictoriaMetrics ? 1000 : 0));
    }

    private static byte[] Key(InfluxMeasurement measurement, (string Tag, string Value)[] tags, int variant) => LineBuffer.SeriesKey(
        measurement, [.. tags, (InfluxSchema.Variant, variant == 0 ? "" : variant.ToString(CultureInfo.InvariantCulture))]);

    private static bool IsWritten(object? value) => value is double number ? double.IsFinite(number) : value is not (null or "");
}
