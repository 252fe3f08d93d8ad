namespace PouchMonitor.Analysis.Measures;

/// <summary>Resistance seen at one current step; null where the sampling cannot define it.</summary>
public sealed record PulseResistance
{
    /// <summary>Time of the edge, microseconds.</summary>
    public required long TimeMicroseconds { get; init; }

    /// <summary>Median current of the pulse; positive charges.</summary>
    public required double CurrentA { get; init; }

    /// <summary>Current less that before the edge.</summary>
    public double StepA { get; init; }

    /// <summary>Voltage before the edge, against which the resistances are taken.</summary>
    public double VoltageBeforeV { get; init; }

    public double? R0Ohm { get; init; }

    public double? R1sOhm { get; init; }

    public double? R10sOhm { get; init; }

    public double? R18sOhm { get; init; }

    public double? R30sOhm { get; init; }
}
