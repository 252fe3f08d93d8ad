using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>A stretch at one voltage that began with a current, whatever became of the current.</summary>
/// <param name="StartMicroseconds">Time of its first sample.</param>
/// <param name="EndMicroseconds">Time of its last sample.</param>
/// <param name="VoltageV">Mean voltage, V.</param>
/// <param name="Bins">Means over time, at most <see cref="VoltageHolds.BinsOfHold"/>.</param>
/// <param name="CurrentSeconds">Time in it with a current that is no rest, s.</param>
public sealed record VoltageHold(
    long StartMicroseconds, long EndMicroseconds, double VoltageV, IReadOnlyList<TransientBin> Bins, double CurrentSeconds)
{
    /// <summary>How long the voltage was held, s.</summary>
    public double Seconds => (EndMicroseconds - StartMicroseconds) / 1e6;
}

/// <summary>
/// Finds where the voltage stays within 3 mV for ten minutes and more after a current. A current that decays to nothing is cut
/// into charge and rest by the steps; the hold is one thing.
/// </summary>
internal sealed class VoltageHolds
{
    public const int Most = 4096;
    public const int BinsOfHold = 64;
    private const double BandV = 0.003;
    private const double LeastSeconds = 600;

    private readonly TransientBins bins = new(BinsOfHold);
    private readonly List<VoltageHold> found = [];
    private double anchorV = double.NaN;
    private double sumVs;
    private double currentSeconds;
    private double lastVoltageV;
    private double lastCurrentA;
    private long startMicroseconds;
    private long lastMicroseconds;

    public IReadOnlyList<VoltageHold> Found => found;

    public long DroppedCount { get; private set; }

    public void Take(in Interval interval, bool isGap)
    {
        if (isGap || !(Math.Abs(interval.VoltageV - anchorV) <= BandV))
        {
            Finish();
            anchorV = interval.VoltageV;
            startMicroseconds = interval.TimeMicroseconds;
        }
        else if (interval.TimeMicroseconds > lastMicroseconds)
        {
            double seconds = (interval.TimeMicroseconds - lastMicroseconds) / 1e6;
            double voltageV = 0.5 * (interval.VoltageV + lastVoltageV);
            sumVs += voltageV * seconds;
            currentSeconds += interval.Kind != 0 ? seconds : 0;
            bins.Add(
                (lastMicroseconds - startMicroseconds) / 1e6, (interval.TimeMicroseconds - startMicroseconds) / 1e6,
                voltageV, 0.5 * (interval.CurrentA + lastCurrentA), interval.VoltageV);
        }

        lastMicroseconds = interval.TimeMicroseconds;
        lastVoltageV = interval.VoltageV;
        lastCurrentA = interval.CurrentA;
    }

    public void Complete()
    {
        Finish();
        anchorV = double.NaN;
    }

    private void Finish()
    {
        double seconds = (lastMicroseconds - startMicroseconds) / 1e6;
        bool isHold = !double.IsNaN(anchorV) && seconds >= LeastSeconds && currentSeconds > 0;
        if (isHold && found.Count >= Most)
        {
            DroppedCount++;
        }
        else if (isHold)
        {
            found.Add(new VoltageHold(startMicroseconds, lastMicroseconds, sumVs / seconds, bins.ToArray(), currentSeconds));
        }

        bins.Clear();
        sumVs = 0;
        currentSeconds = 0;
    }
}
