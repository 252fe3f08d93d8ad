namespace PouchMonitor.Analysis.Steps;

/// <summary>
/// What passed between the previous believed sample and this one, attributed to the step of this one. Charge in coulombs,
/// energy in joules, both magnitudes in the direction <see cref="Kind"/>.
/// </summary>
internal struct Interval
{
    /// <summary>Time of the sample that ends the interval, microseconds.</summary>
    public long TimeMicroseconds;

    /// <summary>1 charge, -1 discharge, 0 rest.</summary>
    public int Kind;

    /// <summary>The same of the sample before.</summary>
    public int PreviousKind;

    /// <summary>True when this sample opens a step: another direction, or an abrupt change of level.</summary>
    public bool OpensStep;

    /// <summary>True when the voltage was held while the current fell.</summary>
    public bool ConstantVoltage;

    public double Seconds;

    public double ChargeC;

    public double EnergyJ;

    /// <summary>Variance of <see cref="ChargeC"/> because the step began at an unknown moment of the interval, C^2.</summary>
    public double EdgeVarianceC2;

    /// <summary>Variance of the previous step's charge because it ended at an unknown moment of the interval, C^2.</summary>
    public double TailVarianceC2;

    /// <summary>Length of the gap where the interval is one that carried current, s; else 0.</summary>
    public double GapSeconds;

    /// <summary>Charge that may have passed in the gap, C; a guide for telling cycles apart, never counted.</summary>
    public double MissingC;

    /// <summary>True for a gap with rest at both ends: it carried no recorded charge and spoils nothing.</summary>
    public bool IdleGap;

    /// <summary>True where not even a guess can be made of what passed in the gap.</summary>
    public bool MissingUnknown;

    public double VoltageV;

    public double CurrentA;

    /// <summary>Highest believed temperature of the cell at this sample; NaN where none.</summary>
    public double TemperatureC;
}
