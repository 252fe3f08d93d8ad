using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Basytec's text export: lines that begin with '~', the last of which is the header. Positive current charges.
/// <c>Ah</c> is the net charge of the test; <c>Ah-Cyc-Charge</c> and <c>Ah-Cyc-Discharge</c> restart with each cycle.
/// </summary>
internal static class BasytecText
{
    public static readonly TableFormat Format = new()
    {
        Info = new SeriesFormatInfo("basytec", "Basytec text export", FormatProof.RealFiles),
        Entries =
        [
            new(SeriesHeader.Time, "time"),
            new(SampleColumns.Voltage, "u"),
            new(SampleColumns.Current, "i"),
            new(SampleColumns.Surface, "t*"),
            new(SeriesHeader.Cycle, "cyc-count"),
            new(SeriesHeader.Step, "line"),
            new(SeriesHeader.ChargeCapacity, "ah-cyc-charge"),
            new(SeriesHeader.DischargeCapacity, "ah-cyc-discharge"),
            new(SeriesHeader.NetCapacity, "ah"),
            new(SeriesHeader.ChargeEnergy, "wh-cyc-charge"),
            new(SeriesHeader.DischargeEnergy, "wh-cyc-discharge"),
        ],
        Needs = [["time"], ["u"], ["i"], ["line", "dataset", "command"]],
        Signature = start => start.StartsWith("~"u8),
    };
}
