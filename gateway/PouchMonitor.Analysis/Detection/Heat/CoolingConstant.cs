namespace PouchMonitor.Analysis.Detection.Heat;

/// <summary>
/// Learns the time constant C / hA of the cell's cooling from its rests, by least squares through the origin of -dT/dt against
/// T - Tambient, beginning with what is usual for a pouch in still air. A plain value.
/// </summary>
internal struct CoolingConstant
{
    private const double UsualSeconds = 500;
    private const double UsualWeightK2 = 2;
    private const double EnoughK2 = 100;
    private const double LeastRiseK = 0.1;
    private const double ShortestSeconds = 60;
    private const double LongestSeconds = 7200;

    private double sumXY;
    private double sumXX;

    public readonly double Seconds => Math.Clamp(
        (sumXX + UsualWeightK2) / (sumXY + (UsualWeightK2 / UsualSeconds)), ShortestSeconds, LongestSeconds);

    /// <summary>Takes the fall of one minute of rest.</summary>
    public void Learn(double riseK, double fallKPerS)
    {
        if (riseK >= LeastRiseK && sumXX < EnoughK2)
        {
            sumXY += riseK * fallKPerS;
            sumXX += riseK * riseK;
        }
    }
}
