using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>
/// Battery Data Format in other than its base units or with other delimiters, as converters write it ("Test Time / h"). What
/// keeps to the standard is read by <see cref="NormalisedFormat"/>, faster.
/// </summary>
internal static class BatteryDataTable
{
    public static readonly TableFormat Format = new()
    {
        Info = new SeriesFormatInfo("bdf", "Battery Data Format in other units or with tabs or semicolons", FormatProof.RealFiles),
        Entries =
        [
            new(SeriesHeader.Time, "unixtime", "testtime"),
            new(SampleColumns.Voltage, "voltage"),
            new(SampleColumns.Current, "current"),
            new(SampleColumns.Surface, "surfacetemperaturet*", "surfacetemperature", "temperaturet*"),
            new(SampleColumns.Ambient, "ambienttemperature"),
            new(SampleColumns.Infrared, "infraredtemperature"),
            new(SeriesHeader.Cycle, "cyclecount"),
            new(SeriesHeader.Step, "stepcount", "stepindex"),
            new(SeriesHeader.ChargeCapacity, "chargingcapacity", "chargecapacity"),
            new(SeriesHeader.DischargeCapacity, "dischargingcapacity", "dischargecapacity"),
            new(SeriesHeader.ChargeEnergy, "chargingenergy", "chargeenergy"),
            new(SeriesHeader.DischargeEnergy, "dischargingenergy", "dischargeenergy"),
        ],
        Needs = [["testtime", "unixtime"], ["voltage"]],
        Signature = start => start.Lines.FirstOrDefault(line => !string.IsNullOrWhiteSpace(line)) is { } header && header.Contains(" / ", StringComparison.Ordinal),
    };
}
