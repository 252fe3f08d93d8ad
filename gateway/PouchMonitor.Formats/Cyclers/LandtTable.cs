using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Landt's (LAND) export, as CSV, text or sheet. Currents may be magnitudes; the mode or step's name then says charge or
/// discharge. <c>Capacity</c> restarts in each step.
/// </summary>
internal static class LandtTable
{
    public static readonly TableFormat Format = new()
    {
        Info = new SeriesFormatInfo("landt", "Landt (LAND) export, CSV, text or xlsx", FormatProof.Documentation),
        Entries =
        [
            new(SeriesHeader.Time, "testtime"),
            new(ColumnRoles.StepTime, "steptime"),
            new(ColumnRoles.Clock, "systime", "systemtime", "datetime", "dpt"),
            new(ColumnRoles.State, "mode", "stepname", "steptype", "stepmode", "state"),
            new(SampleColumns.Voltage, "voltage", "volt"),
            new(SampleColumns.Current, "current", "curr"),
            new(SampleColumns.Surface, "temperature", "temperature*", "auxtemp*"),
            new(SeriesHeader.Cycle, "cycle-index", "cycle", "cycleindex", "cycleno"),
            new(SeriesHeader.Step, "step-index", "step", "stepindex", "stepno"),
            new(SeriesHeader.ChargeCapacity, "chargecapacity", "chargingcapacity"),
            new(SeriesHeader.DischargeCapacity, "dischargecapacity", "dischargingcapacity"),
            new(SeriesHeader.Capacity, "capacity"),
            new(SeriesHeader.Energy, "energy"),
        ],
        Needs = [["record", "rec", "recordno", "recno"], ["testtime", "steptime"], ["current", "curr"], ["capacity", "chargecapacity"]],
        SignFromState = true,
    };
}
