namespace PouchMonitor.Gateway.Doctor;

/// <summary>How a part stands.</summary>
public enum HealthStatus
{
    /// <summary>As it should be.</summary>
    Sound = 0,

    /// <summary>Told for the record.</summary>
    Note = 1,

    /// <summary>Works, but somebody should look at it.</summary>
    Warning = 2,

    /// <summary>Broken: data or service are or will be lost.</summary>
    Fault = 3,
}

/// <summary>One line of what the doctor says.</summary>
/// <param name="Part">What was looked at.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Message">What was found, with file, place and limit.</param>
public sealed record HealthCheck(string Part, HealthStatus Status, string Message);
