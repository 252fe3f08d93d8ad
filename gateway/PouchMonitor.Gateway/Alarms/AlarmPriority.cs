using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>How soon somebody has to act (after ISA-18.2 / IEC 62682), in rising order.</summary>
public enum AlarmPriority
{
    /// <summary>Look at it this week.</summary>
    Low = 0,

    /// <summary>Look at it this shift.</summary>
    Medium = 1,

    /// <summary>Look at it now.</summary>
    High = 2,

    /// <summary>A cell may burn: nothing silences it.</summary>
    Emergency = 3,
}

/// <summary>The one rule that gives a finding's severity its priority.</summary>
public static class AlarmPriorities
{
    public static AlarmPriority Of(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Emergency => AlarmPriority.Emergency,
        FindingSeverity.Critical => AlarmPriority.High,
        FindingSeverity.Warning => AlarmPriority.Medium,
        _ => AlarmPriority.Low,
    };

    /// <summary>Its name in JSON, settings and messages.</summary>
    public static string NameOf(AlarmPriority priority) => priority switch
    {
        AlarmPriority.Emergency => "emergency",
        AlarmPriority.High => "high",
        AlarmPriority.Medium => "medium",
        _ => "low",
    };
}
