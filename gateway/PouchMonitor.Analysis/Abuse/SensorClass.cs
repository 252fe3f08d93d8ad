namespace PouchMonitor.Analysis.Abuse;

/// <summary>What is known of a test's temperature sensors, for the uncertainty of what they read.</summary>
public enum SensorClass
{
    /// <summary>The node's own: thermistors and infrared thermometer as in <c>hardware/UNCERTAINTY.md</c>.</summary>
    Node,

    /// <summary>Of a recorded file that does not tell: taken for thermocouples of type K, class 2 (IEC 60584-1: 2.5 K or 0.75 %).</summary>
    Unknown,
}
