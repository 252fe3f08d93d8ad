using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// EC-Lab's and BT-Lab's text exports (.mpt): a first line "EC-Lab ASCII FILE" or "BT-Lab ASCII FILE", a count of header
/// lines, then a table with tabs; also a bare table. Numbers may have a decimal comma, times may be dates. Positive current
/// charges. Charge counters restart in each half cycle.
/// </summary>
internal static class BioLogicText
{
    /// <summary>Names of columns, as text exports give them.</summary>
    public static readonly ColumnEntry[] Entries =
    [
        new(SeriesHeader.Time, "time"),
        new(SampleColumns.Voltage, "ewe", "ecell", "ewe-ece"),
        new(SampleColumns.Current, "i"),
        new(SampleColumns.Surface, "temperature"),
        new(SeriesHeader.Cycle, "cyclenumber"),
        new(SeriesHeader.Step, "ns"),
        new(SeriesHeader.ChargeCapacity, "qcharge"),
        new(SeriesHeader.DischargeCapacity, "qdischarge"),
        new(SeriesHeader.Capacity, "qcharge/discharge"),
        new(SeriesHeader.NetCapacity, "q-qo"),
        new(SeriesHeader.ChargeEnergy, "energycharge"),
        new(SeriesHeader.DischargeEnergy, "energydischarge"),
    ];

    public static readonly TableFormat Format = new()
    {
        Info = new SeriesFormatInfo("biologic-mpt", "BioLogic EC-Lab and BT-Lab text (.mpt)", FormatProof.RealFiles),
        Entries = Entries,
        Needs = [["time"], ["ewe", "ecell", "ewe-ece"], ["i"], ["ns", "mode", "nschanges", "ox/red", "cyclenumber"]],
    };
}
