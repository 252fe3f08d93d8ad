using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Samples one channel on a fixed grid of its own: number, time, counters, frame. Allocates nothing per sample. A grid
/// point that was missed (the runtime was held up) is counted and left out, never made up.
/// </summary>
public sealed class ChannelSampler
{
    private readonly ICellSensors sensors;
    private readonly FrameBuilder builder;
    private readonly long intervalMicroseconds;
    private readonly ChargeCounter counter = new ChargeCounter();
    private readonly CellSample sample = new CellSample();
    private long nextNumber;

    public ChannelSampler(
        string channel, ICellSensors sensors, FrameBuilder builder, long intervalMicroseconds, long firstDueMicroseconds)
    {
        Channel = channel;
        this.sensors = sensors;
        this.builder = builder;
        this.intervalMicroseconds = intervalMicroseconds;
        NextDueMicroseconds = firstDueMicroseconds;
    }

    /// <summary>Name of the channel.</summary>
    public string Channel { get; }

    /// <summary>True while a test runs and samples are taken.</summary>
    public bool IsRunning { get; private set; } = true;

    /// <summary>Uptime at which the next sample is due.</summary>
    public long NextDueMicroseconds { get; private set; }

    /// <summary>Samples taken since boot.</summary>
    public long SampleCount => nextNumber;

    /// <summary>Grid points at which no sample was taken because the one before was late.</summary>
    public long MissedCount { get; private set; }

    /// <summary>Largest delay of a sample behind its grid point.</summary>
    public long WorstLatenessMicroseconds { get; private set; }

    /// <summary>The last sample; valid until the next one is taken.</summary>
    public CellSample LastSample => sample;

    /// <summary>The running counters.</summary>
    public ChargeCounter Counter => counter;

    /// <summary>The frames of this channel.</summary>
    public FrameBuilder Builder => builder;

    /// <summary>Takes the sample that is due.</summary>
    public void Acquire(long nowMicroseconds)
    {
        long lateness = nowMicroseconds - NextDueMicroseconds;
        if (lateness > WorstLatenessMicroseconds)
        {
            WorstLatenessMicroseconds = lateness;
        }

        sensors.Acquire(sample);
        sample.Number = nextNumber;
        nextNumber++;
        counter.Add(sample);
        builder.Add(sample, counter);

        long skipped = lateness >= intervalMicroseconds ? lateness / intervalMicroseconds : 0;
        MissedCount += skipped;
        NextDueMicroseconds += (skipped + 1) * intervalMicroseconds;
    }

    /// <summary>Ends the running test: its last sample is flagged and sent, and the channel rests.</summary>
    public void EndTest()
    {
        if (!IsRunning)
        {
            return;
        }

        if (builder.PendingSampleCount == 0)
        {
            // The flag travels on a sample, so one more is taken.
            Acquire(NextDueMicroseconds);
        }

        builder.Seal(true);
        IsRunning = false;
    }

    /// <summary>A new test begins with the next sample; a resting channel samples again, on a grid from now.</summary>
    public void StartTest(long nowMicroseconds)
    {
        builder.StartTest();
        if (!IsRunning)
        {
            IsRunning = true;
            NextDueMicroseconds = nowMicroseconds;
        }
    }
}
