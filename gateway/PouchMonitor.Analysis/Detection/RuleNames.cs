namespace PouchMonitor.Analysis.Detection;

/// <summary>The names of all rules, as fixed by the contracts.</summary>
public static class RuleNames
{
    public const string CapacityFade = "capacity-fade";
    public const string PolarizationRise = "polarization-rise";
    public const string ResistanceRise = "resistance-rise";
    public const string CoulombicEfficiencyCollapse = "ce-collapse";
    public const string SoftShort = "soft-short";
    public const string HardShort = "hard-short";
    public const string VoltageLimit = "voltage-limit";
    public const string ThermalLimit = "thermal-limit";
    public const string HeatingRate = "heating-rate";
    public const string HeatResidual = "heat-residual";
    public const string ThermalRunaway = "thermal-runaway";
    public const string SensorFault = "sensor-fault";
    public const string BadReading = "bad-reading";

    /// <summary>Raised by the gateway, since it depends on arrival.</summary>
    public const string Silence = "silence";

    public const string Storage = "storage";
    public const string ForwarderLag = "forwarder-lag";
    public const string Quarantine = "quarantine";
    public const string Clock = "clock";
    public const string NodeBacklog = "node-backlog";

    /// <summary>Alarms do not reach people by one of the routes that are set.</summary>
    public const string Delivery = "delivery";

    /// <summary>A node has opened a relay by itself.</summary>
    public const string Protection = "protection";

    /// <summary>An abuse test needs somebody, for a reason that no rule on samples knows.</summary>
    public const string AbuseTest = "abuse-test";
}
