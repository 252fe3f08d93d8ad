namespace PouchMonitor.Analysis.Detection.Heat;

/// <summary>Means over about a minute of samples, so that the noise of the sensors does not matter. A plain value.</summary>
internal struct HeatBlock
{
    public double Seconds;
    public double CellCs;
    public double AmbientCs;
    public double VoltageVs;
    public double CurrentAs;
    public double TimeS2;

    public readonly double CellC => CellCs / Seconds;

    public readonly double AmbientC => AmbientCs / Seconds;

    /// <summary>Mean time since the test began, s.</summary>
    public readonly double TimeS => TimeS2 / Seconds;

    public void Add(double timeS, double seconds, double cellC, double ambientC, double voltageV, double currentA)
    {
        Seconds += seconds;
        CellCs += cellC * seconds;
        AmbientCs += ambientC * seconds;
        VoltageVs += voltageV * seconds;
        CurrentAs += currentA * seconds;
        TimeS2 += timeS * seconds;
    }
}
