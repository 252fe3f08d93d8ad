using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>A stretch at one voltage that began with a current, whatever became of the current.</summary>
/// <param name="StartMicroseconds">Time of its first sample.</param>
/// <param name="EndMicroseconds">Time of its last sample.</param>
/// <param name="VoltageV">Mean voltage, V.</param>
/// <param name="Bins">Means over time, at most <see cref="VoltageHolds.BinsOfHold"/>.</param>
public sealed record VoltageHold(long StartMicroseconds, long EndMicroseconds, double VoltageV, IReadOnlyList<TransientBin> Bins)
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

    /// <summary>A current that falls to this share of its running mean and stays there was switched off; a decay is slower.</summary>
    private const double StopShare = 0.2;
    private const double MeanShare = 0.05;

    /// <summary>What seems switched off for longer than this share of the hold before has faded: an instrument may show nothing then.</summary>
    private const double LongestStopShare = 0.5;

    private readonly TransientBins bins = new(BinsOfHold);
    private readonly TransientBins binsUntilStop = new(BinsOfHold);
    private readonly List<VoltageHold> found = [];
    private double anchorV = double.NaN;
    private double meanA;
    private double lastVoltageV;
    private double lastCurrentA;
    private long startMicroseconds;
    private long lastMicroseconds;
    private long stopMicroseconds = -1;
    private bool hasCurrent;

    public IReadOnlyList<VoltageHold> Found => found;

    public long DroppedCount { get; private set; }

    public void Take(in Interval interval, bool isGap)
    {
        if (isGap || !(Math.Abs(interval.VoltageV - anchorV) <= BandV))
        {
            Finish();
            anchorV = interval.VoltageV;
            startMicroseconds = interval.TimeMicroseconds;
            meanA = interval.CurrentA;
        }
        else if (interval.TimeMicroseconds > lastMicroseconds)
        {
            FollowStop(interval.CurrentA);
            hasCurrent |= interval.Kind != 0;
            bins.Add(
                (lastMicroseconds - startMicroseconds) / 1e6, (interval.TimeMicroseconds - startMicroseconds) / 1e6,
                0.5 * (interval.VoltageV + lastVoltageV), 0.5 * (interval.CurrentA + lastCurrentA), interval.VoltageV);
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

    private void FollowStop(double currentA)
    {
        if (Math.Abs(currentA) > StopShare * Math.Abs(meanA))
        {
            stopMicroseconds = -1;
            meanA += MeanShare * (currentA - meanA);
        }
        else if (stopMicroseconds < 0)
        {
            stopMicroseconds = lastMicroseconds;
            bins.CopyTo(binsUntilStop);
        }
    }

    private void Finish()
    {
        bool isStopped = stopMicroseconds >= 0
            && lastMicroseconds - stopMicroseconds <= LongestStopShare * (stopMicroseconds - startMicroseconds);
        long endMicroseconds = isStopped ? stopMicroseconds : lastMicroseconds;
        if (!double.IsNaN(anchorV) && hasCurrent && (endMicroseconds - startMicroseconds) / 1e6 >= LeastSeconds)
        {
            if (found.Count >= Most)
            {
                DroppedCount++;
            }
            else
            {
                TransientBin[] means = (isStopped ? binsUntilStop : bins).ToArray();
                double voltageV = means.Sum(bin => bin.VoltageV * bin.Seconds) / means.Sum(bin => bin.Seconds);
                found.Add(new VoltageHold(startMicroseconds, endMicroseconds, voltageV, means));
            }
        }

        bins.Clear();
        stopMicroseconds = -1;
        hasCurrent = false;
    }
}
