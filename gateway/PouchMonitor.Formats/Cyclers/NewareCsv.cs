using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Neware's exports (BTSDA and its predecessors), in English and Chinese, as CSV or as a sheet. Column names as its users
/// published them with real exports (cellpy, NewareNDA, aurora-cycler-manager). Positive current charges; older exports
/// log magnitudes, so the step's type decides where it says charge or discharge.
/// </summary>
internal static class NewareCsv
{
    /// <summary>Names of the records' columns.</summary>
    public static readonly ColumnEntry[] Entries =
    [
        new(SeriesHeader.Time, "totaltime", "cumulativetime", "总时间", "累计时间", "testtime"),
        new(ColumnRoles.StepTime, "time", "relativetime", "steptime", "相对时间", "时间", "工步时间"),
        new(ColumnRoles.Clock, "date", "realtime", "absolutetime", "系统时间", "绝对时间", "日期"),
        new(ColumnRoles.State, "steptype", "stepname", "status", "state", "工步类型", "工步名称", "状态"),
        new(SampleColumns.Voltage, "voltage", "vol", "电压"),
        new(SampleColumns.Current, "current", "cur", "电流"),
        new(SampleColumns.Surface, "t*", "auxtemp*", "temperature", "temp", "温度", "辅助温度"),
        new(SeriesHeader.Cycle, "cycleindex", "cycleid", "cycle", "循环号", "循环序号"),
        new(SeriesHeader.Step, "stepnumber", "stepindex", "stepid", "step", "工步序号", "工步号"),
        new(SeriesHeader.ChargeCapacity, "chgcap", "capacitancechg", "capchg", "chargecapacity", "充电容量"),
        new(SeriesHeader.DischargeCapacity, "dchgcap", "capacitancedchg", "capdchg", "dischargecapacity", "放电容量"),
        new(SeriesHeader.Capacity, "capacity", "cap", "容量"),
        new(SeriesHeader.ChargeEnergy, "chgenergy", "engychg", "充电能量"),
        new(SeriesHeader.DischargeEnergy, "dchgenergy", "engydchg", "放电能量"),
        new(SeriesHeader.Energy, "energy", "engy", "能量"),
    ];

    /// <summary>Names of a record's number: what only Neware calls it so.</summary>
    public static readonly string[] RecordNames = ["datapoint", "recordid", "recordnumber", "recordindex", "数据序号", "记录序号", "记录号"];

    public static readonly TableFormat Format = new()
    {
        Info = new SeriesFormatInfo("neware-csv", "Neware BTSDA, one record a line, English or Chinese, UTF-8 or GB18030; also as xlsx", FormatProof.RealFiles),
        Entries = Entries,
        Needs =
        [
            RecordNames,
            ["steptype", "stepname", "stepid", "stepindex", "step", "工步类型", "工步号", "工步序号", "状态", "工步名称"],
            ["current", "cur", "电流"],
            ["totaltime", "cumulativetime", "time", "relativetime", "steptime", "总时间", "累计时间", "相对时间", "时间"],
        ],
        SignFromState = true,
    };
}
