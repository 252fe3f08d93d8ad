using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Runs one channel on a fixed grid of its own: a pass of the sensors at every grid point, and of these every so many a
/// sample that is numbered and published with the extremes of the voltage since the one before. Charge is counted from all
/// passes. Allocates nothing per pass. A grid point that was missed (the runtime was held up) is counted and left out,
/// never made up.
/// </summary>
public sealed class ChannelSampler
{
    private readonly ICellSensors sensors;
    private readonly FrameBuilder builder;
    private readonly ChargeCounter counter = new ChargeCounter();
    private readonly VoltageExtremes extremes = new VoltageExtremes();
    private readonly CellSample sample = new CellSample();
    private readonly LatenessRecord lateness = new LatenessRecord();
    private long acquireIntervalMicroseconds;
    private long sampleIntervalMicroseconds;
    private long nextSampleMicroseconds;
    private long nextNumber;
    private CaptureRecorder? captures;

    /// <param name="channel">Its name.</param>
    /// <param name="sensors">What is read at each pass.</param>
    /// <param name="builder">Takes the samples.</param>
    /// <param name="acquireIntervalMicroseconds">Time between two passes.</param>
    /// <param name="sampleIntervalMicroseconds">Time between two published samples, a multiple of it.</param>
    /// <param name="firstDueMicroseconds">Uptime of the first pass, which is also the first sample.</param>
    public ChannelSampler(
        string channel, ICellSensors sensors, FrameBuilder builder, long acquireIntervalMicroseconds,
        long sampleIntervalMicroseconds, long firstDueMicroseconds)
    {
        Channel = channel;
        this.sensors = sensors;
        this.builder = builder;
        this.acquireIntervalMicroseconds = acquireIntervalMicroseconds;
        this.sampleIntervalMicroseconds = sampleIntervalMicroseconds;
        NextDueMicroseconds = firstDueMicroseconds;
        nextSampleMicroseconds = firstDueMicroseconds;
    }

    /// <summary>Name of the channel.</summary>
    public string Channel { get; }

    /// <summary>True while a test runs and passes are made.</summary>
    public bool IsRunning { get; private set; } = true;

    /// <summary>True where this channel may not be slowed down in favour of another, because the protection needs its passes.</summary>
    public bool KeepsRate { get; set; }

    /// <summary>The pre-trigger ring; null where none is kept.</summary>
    public CaptureRecorder? Captures
    {
        get => captures;
        set => captures = value;
    }

    /// <summary>Uptime at which the next pass is due.</summary>
    public long NextDueMicroseconds { get; private set; }

    /// <summary>Time between two passes.</summary>
    public long AcquireIntervalMicroseconds => acquireIntervalMicroseconds;

    /// <summary>Time between two published samples.</summary>
    public long SampleIntervalMicroseconds => sampleIntervalMicroseconds;

    /// <summary>Samples published since boot.</summary>
    public long SampleCount => nextNumber;

    /// <summary>Passes made since boot.</summary>
    public long PassCount => lateness.Count;

    /// <summary>Points of the publishing grid at which no sample was taken because the one before was late.</summary>
    public long MissedCount { get; private set; }

    /// <summary>Points of the grid of passes at which none was made because the one before was late.</summary>
    public long MissedPassCount { get; private set; }

    /// <summary>How far behind their grid points passes began.</summary>
    public LatenessRecord Lateness => lateness;

    /// <summary>Largest delay of a pass behind its grid point.</summary>
    public long WorstLatenessMicroseconds => lateness.WorstMicroseconds;

    /// <summary>Longest time that a pass took.</summary>
    public long LongestPassMicroseconds => sensors.LongestPassMicroseconds;

    /// <summary>What the last pass read; valid until the next one.</summary>
    public CellSample LastSample => sample;

    /// <summary>The sensors.</summary>
    public ICellSensors Sensors => sensors;

    /// <summary>The running counters.</summary>
    public ChargeCounter Counter => counter;

    /// <summary>The frames of this channel.</summary>
    public FrameBuilder Builder => builder;

    /// <summary>Makes the pass that is due, and publishes it where a sample is due.</summary>
    public void Acquire(long nowMicroseconds)
    {
        long behind = nowMicroseconds - NextDueMicroseconds;
        lateness.Add(behind);
        sensors.Acquire(sample);
        sample.Number = nextNumber;
        counter.Add(sample);
        extremes.Add(sample);
        bool isEvent = captures != null && acquireIntervalMicroseconds <= CaptureRecorder.SlowestPassMicroseconds
            && captures.Take(sample);
        if (NextDueMicroseconds >= nextSampleMicroseconds)
        {
            Publish();
            nextSampleMicroseconds += sampleIntervalMicroseconds;
        }

        if (isEvent)
        {
            // Somebody may be waiting for just this sample. Rare: after each there is the hold-off.
            builder.Seal(false);
        }

        long skipped = behind >= acquireIntervalMicroseconds ? behind / acquireIntervalMicroseconds : 0;
        MissedPassCount += skipped;
        NextDueMicroseconds += (skipped + 1) * acquireIntervalMicroseconds;
        while (nextSampleMicroseconds <= NextDueMicroseconds - acquireIntervalMicroseconds)
        {
            MissedCount++;
            nextSampleMicroseconds += sampleIntervalMicroseconds;
        }
    }

    /// <summary>Other rates from the next pass on, on grids that begin now.</summary>
    public void SetRates(
        long newAcquireIntervalMicroseconds, long newSampleIntervalMicroseconds, long publishIntervalMicroseconds,
        long nowMicroseconds)
    {
        acquireIntervalMicroseconds = newAcquireIntervalMicroseconds;
        sampleIntervalMicroseconds = newSampleIntervalMicroseconds;
        builder.SetRates(newSampleIntervalMicroseconds > newAcquireIntervalMicroseconds, publishIntervalMicroseconds);
        NextDueMicroseconds = nowMicroseconds;
        nextSampleMicroseconds = nowMicroseconds;
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
            nextSampleMicroseconds = NextDueMicroseconds;
            Acquire(NextDueMicroseconds);
        }

        builder.Seal(true);
        IsRunning = false;
    }

    /// <summary>Takes no more samples, without ending the test.</summary>
    public void Rest()
    {
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
            nextSampleMicroseconds = nowMicroseconds;
        }
    }

    private void Publish()
    {
        nextNumber++;
        builder.Add(sample, extremes, counter);
        extremes.Clear();
    }
}
