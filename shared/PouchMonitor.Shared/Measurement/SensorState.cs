namespace PouchMonitor.Measurement;

/// <summary>
/// What is known of one reading. Absence is a state: a reading that is not <see cref="Good"/> is never replaced by 0,
/// NaN or the last value. Three bits each on the wire, so there are at most eight states.
/// </summary>
public enum SensorState
{
    /// <summary>The value is believed.</summary>
    Good = 0,

    /// <summary>No such sensor, or nothing was recorded. No value.</summary>
    Absent = 1,

    /// <summary>The sensor circuit is open. No value.</summary>
    Open = 2,

    /// <summary>The sensor circuit is shorted. No value.</summary>
    Short = 3,

    /// <summary>The same code has been repeated for longer than noise allows. Value carried, not believed.</summary>
    Frozen = 4,

    /// <summary>The converter is at the end of its scale. Value carried as a bound: the truth is at or beyond it.</summary>
    Saturated = 5,

    /// <summary>Outside what is physically plausible. Value carried as evidence, not believed.</summary>
    OutOfRange = 6,

    /// <summary>The bus transfer or its check failed. No value.</summary>
    BusError = 7,
}
