using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>The newest sample of a channel and a short trend of its voltage, as they arrive, whatever their order.</summary>
internal sealed class LatestReadings
{
    /// <summary>Points of the trend.</summary>
    public const int TrendPoints = 60;

    private readonly double[] trendSeconds = new double[TrendPoints * 2];
    private readonly double[] trendVolts = new double[TrendPoints * 2];
    private int trendCount;
    private Sample sample;

    public bool HasSample { get; private set; }

    public Sample Sample => sample;

    public bool IsLive { get; private set; }

    /// <summary>True where the node knew the time when it took the sample; else its time is an estimate from its arrival.</summary>
    public bool IsAnchored { get; private set; }

    public long ReceivedMicroseconds { get; private set; }

    public long DroppedSamples { get; private set; }

    public void Update(SampleFrame frame, long bootStartMicroseconds, long receivedMicroseconds)
    {
        ReceivedMicroseconds = Math.Max(ReceivedMicroseconds, receivedMicroseconds);
        DroppedSamples += frame.DroppedBeforeCount;
        int last = frame.Count - 1;
        long time = bootStartMicroseconds + frame.UptimeMicroseconds[last];
        if (HasSample && time < sample.TimeMicroseconds && frame.Boot != 0 && !frame.IsLive)
        {
            return; // Backlog of earlier times: the newest stays on show.
        }

        FrameSamples.Read(frame, last, bootStartMicroseconds, ref sample);
        HasSample = true;
        IsAnchored = frame.HasBootAnchor;
        IsLive = frame.IsLive;
        if (sample.IsGood(SampleColumns.Voltage))
        {
            AddTrend(sample.TimeMicroseconds / 1e6, sample.Values[SampleColumns.Voltage]);
        }
    }

    /// <summary>After a start: the newest stored sample is shown until another arrives, as the past it is.</summary>
    public void Restore(SampleFrame frame, long bootStartMicroseconds, long receivedMicroseconds)
    {
        if (!HasSample || receivedMicroseconds > ReceivedMicroseconds)
        {
            FrameSamples.Read(frame, frame.Count - 1, bootStartMicroseconds, ref sample);
            HasSample = true;
            IsAnchored = frame.HasBootAnchor;
            IsLive = false;
            ReceivedMicroseconds = receivedMicroseconds;
        }
    }

    /// <summary>Times in seconds and volts, oldest first.</summary>
    public double[][] Trend()
    {
        int step = trendCount > TrendPoints ? 2 : 1;
        List<double[]> points = [];
        for (int i = (trendCount - 1) % step; i < trendCount; i += step)
        {
            points.Add([trendSeconds[i], trendVolts[i]]);
        }

        return [.. points];
    }

    // The recent past is what matters on a wall screen: when full, the older half goes.
    private void AddTrend(double seconds, double volts)
    {
        if (trendCount > 0 && seconds < trendSeconds[trendCount - 1])
        {
            trendCount = 0;
        }

        if (trendCount == trendSeconds.Length)
        {
            Array.Copy(trendSeconds, TrendPoints, trendSeconds, 0, TrendPoints);
            Array.Copy(trendVolts, TrendPoints, trendVolts, 0, TrendPoints);
            trendCount = TrendPoints;
        }

        trendSeconds[trendCount] = seconds;
        trendVolts[trendCount] = volts;
        trendCount++;
    }
}
