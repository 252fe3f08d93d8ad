using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Arbin's exports of MITS 7 and later (names with blanks) and before (names with underscores), as CSV or as sheets. Positive
/// current charges; the capacity counters run on over the whole test unless a step resets them.
/// </summary>
internal static class ArbinTable
{
    public static readonly TableFormat Format = new()
    {
        Info = new SeriesFormatInfo("arbin", "Arbin MITS export, CSV or xlsx with its Channel sheets", FormatProof.RealFiles),
        Entries =
        [
            new(SeriesHeader.Time, "testtime"),
            new(ColumnRoles.Clock, "datetime"),
            new(SampleColumns.Voltage, "voltage"),
            new(SampleColumns.Current, "current"),
            new(SampleColumns.Surface, "auxtemperature*", "temperature*", "temperature"),
            new(SeriesHeader.Cycle, "cycleindex"),
            new(SeriesHeader.Step, "stepindex"),
            new(SeriesHeader.ChargeCapacity, "chargecapacity"),
            new(SeriesHeader.DischargeCapacity, "dischargecapacity"),
            new(SeriesHeader.ChargeEnergy, "chargeenergy"),
            new(SeriesHeader.DischargeEnergy, "dischargeenergy"),
        ],
        Needs = [["testtime"], ["cycleindex"], ["stepindex"], ["current"], ["chargecapacity"]],
    };
}
