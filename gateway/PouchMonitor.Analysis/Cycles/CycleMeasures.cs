namespace PouchMonitor.Analysis.Cycles;

/// <summary>
/// What detection compares from cycle to cycle: plain figures, NaN where not known. "Main" is the half whose capacity is
/// watched: the discharge, or for a half cell the charge (delithiation).
/// </summary>
internal struct CycleMeasures
{
    public int Index;
    public long EndMicroseconds;
    public CycleQuality Quality;

    /// <summary>True when the main half ran in full and without a gap, even where the other half did not.</summary>
    public bool MainHalfUsable;
    public double MainCapacityAh;

    /// <summary>Standard uncertainty of the main capacity from step edges that fell between two samples.</summary>
    public double MainCapacityUncertaintyAh;

    /// <summary>Largest current within a step of the half, A: its rate.</summary>
    public double MainLevelA;
    public double OtherLevelA;
    public double MainEndVoltageV;
    public double MainVoltageSpanV;
    public double MainMeanTemperatureC;
    public double CoulombicEfficiency;
    public double PolarizationV;
}
