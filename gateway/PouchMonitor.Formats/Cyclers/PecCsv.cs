using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// PEC's CSV export: lines of properties, then a table. Positive current charges. Charge counters restart with each cycle;
/// those in watt-hours are called capacity as well and known by their unit.
/// </summary>
internal static class PecCsv
{
    public static readonly TableFormat Format = new()
    {
        Info = new SeriesFormatInfo("pec", "PEC LifeTest CSV export", FormatProof.RealFiles),
        Entries =
        [
            new(SeriesHeader.Time, "totaltime"),
            new(ColumnRoles.Clock, "realtime"),
            new(SampleColumns.Voltage, "voltage"),
            new(SampleColumns.Current, "current"),
            new(SampleColumns.Surface, "cellsurfacetemperature", "celltemperature"),
            new(SampleColumns.Ambient, "ambienttemperature"),
            new(SeriesHeader.Cycle, "cycle"),
            new(SeriesHeader.Step, "step"),
            new(SeriesHeader.ChargeCapacity, "chargecapacity"),
            new(SeriesHeader.DischargeCapacity, "dischargecapacity"),
        ],
        Needs = [["totaltime"], ["current"], ["rack", "shelf", "position"]],
    };
}
