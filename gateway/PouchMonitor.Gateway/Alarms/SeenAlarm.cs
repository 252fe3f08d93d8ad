using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// An alarm as a person saw it. Between looking and answering it may have become worse or have been raised anew; that nobody has
/// seen, and nobody has acknowledged it.
/// </summary>
/// <param name="Test">Its test.</param>
/// <param name="Rule">Its rule.</param>
/// <param name="Severity">How severe it was.</param>
/// <param name="RaisedMicroseconds">When it had been raised, gateway time, Unix microseconds.</param>
public readonly record struct SeenAlarm(string Test, string Rule, FindingSeverity Severity, long RaisedMicroseconds)
{
    /// <summary>True where the alarm as it is now is no other and no worse.</summary>
    public bool Covers(Alarm alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        return alarm.Test == Test && alarm.Rule == Rule && alarm.Finding.Severity <= Severity && alarm.RaisedMicroseconds <= RaisedMicroseconds;
    }
}
