using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Novonix's export: [Summary] and [Protocol] sections, then [Data] with a table, whose lines some versions put in quotes as
/// a whole. Positive current charges. <c>Capacity</c> is the net charge of the test: it rises in charge and falls in discharge.
/// </summary>
internal static class NovonixCsv
{
    public static readonly TableFormat Format = new()
    {
        Info = new SeriesFormatInfo("novonix", "Novonix ultra-high precision coulometer export", FormatProof.RealFiles),
        Entries =
        [
            new(SeriesHeader.Time, "runtime"),
            new(ColumnRoles.Clock, "dateandtime"),
            new(SampleColumns.Voltage, "potential"),
            new(SampleColumns.Current, "current"),
            new(SampleColumns.Surface, "temperature"),
            new(SeriesHeader.Cycle, "cyclenumber"),
            new(SeriesHeader.Step, "stepnumber"),
            new(SeriesHeader.NetCapacity, "capacity"),
        ],
        Needs = [["runtime"], ["potential"], ["current"]],
    };
}
