using System.Collections;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Calibration;

/// <summary>Reads the arguments of a calibration command; each method gives null or one line naming argument and limit.</summary>
internal static class CalibrationArguments
{
    public static string? Text(Hashtable arguments, string name) => arguments[name] as string;

    public static string? Whole(Hashtable arguments, string name, out int value)
    {
        value = 0;
        string? text = Text(arguments, name);
        return text != null && int.TryParse(text, out value) ? null : Missing(name, text, "a whole number");
    }

    public static string? Column(Hashtable arguments, out int column)
    {
        string? text = Text(arguments, "column");
        column = text == "current" ? SampleColumns.Current : SampleColumns.Voltage;
        return text == "voltage" || text == "current" ? null : Missing("column", text, "voltage or current");
    }

    public static string? Side(Hashtable arguments, out bool isSecond)
    {
        string? text = Text(arguments, "side");
        isSecond = text == "b";
        return text == "a" || text == "b" ? null : Missing("side", text, "a or b");
    }

    public static string Missing(string name, string? text, string limit) =>
        name + " is " + (text == null ? "missing" : "'" + text + "'") + ", must be " + limit;
}
