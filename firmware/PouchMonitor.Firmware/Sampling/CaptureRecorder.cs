using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// The pre-trigger ring of a channel and what becomes of it: when a trigger fires, the seconds before it and a stretch after
/// it are sent as a capture. After one, triggers rest for the hold-off and are counted. Works only at the fast rate
/// (<see cref="SlowestPassMicroseconds"/>); slower passes show no more than the samples do.
/// </summary>
public sealed class CaptureRecorder
{
    /// <summary>Longest time between passes at which captures are taken.</summary>
    public const long SlowestPassMicroseconds = 200000;

    /// <summary>Shortest time between passes that the ring is made for, milliseconds.</summary>
    public const int FastestPassMilliseconds = 20;

    private const long MicrosecondsPerMillisecond = 1000;

    private readonly string channel;
    private readonly string topic;
    private readonly ICellSensors sensors;
    private readonly CaptureWriter writer;
    private readonly CaptureRing ring;
    private readonly CaptureTriggers triggers;
    private readonly long beforeMicroseconds;
    private readonly long afterMicroseconds;
    private readonly long holdOffMicroseconds;
    private CaptureCause recording = CaptureCause.None;
    private long firesAgainMicroseconds;
    private long recordUntilMicroseconds;
    private long writeNext;
    private long writeEnd;
    private long undeclaredDrops;
    private CaptureCause asked = CaptureCause.None;

    public CaptureRecorder(string node, ChannelConfiguration configuration, ICellSensors sensors, CaptureWriter writer)
    {
        this.sensors = sensors;
        this.writer = writer;
        channel = configuration.Name;
        topic = TopicNames.Frame(node, channel);
        int milliseconds = configuration.CaptureBeforeMilliseconds + configuration.CaptureAfterMilliseconds;
        ring = new CaptureRing((milliseconds / FastestPassMilliseconds) + 2);
        beforeMicroseconds = configuration.CaptureBeforeMilliseconds * MicrosecondsPerMillisecond;
        afterMicroseconds = configuration.CaptureAfterMilliseconds * MicrosecondsPerMillisecond;
        holdOffMicroseconds = configuration.CaptureHoldOffSeconds * 1000L * MicrosecondsPerMillisecond;
        ColumnScale[] scales = new ColumnScale[SampleColumns.Count];
        for (int column = 0; column < scales.Length; column++)
        {
            scales[column] = new ColumnScale();
        }

        sensors.FillScales(scales);
        triggers = new CaptureTriggers(ring, configuration, scales);
    }

    /// <summary>Captures taken since boot.</summary>
    public int CaptureCount { get; private set; }

    /// <summary>Triggers since boot that fired while a capture was taken or during the hold-off.</summary>
    public int HeldOffCount { get; private set; }

    /// <summary>Passes of captures that the store refused.</summary>
    public long DroppedPassCount { get; private set; }

    /// <summary>Number of the next capture sample: how many were taken.</summary>
    public long NextNumber { get; private set; }

    /// <summary>Why the last capture was taken.</summary>
    public CaptureCause LastCause { get; private set; } = CaptureCause.None;

    /// <summary>Asks for a capture at the next pass, whatever the hold-off; callable from any thread.</summary>
    public void Ask(CaptureCause cause)
    {
        asked = cause;
    }

    /// <summary>Takes a pass; true where a trigger fired at it and a capture begins.</summary>
    public bool Take(CellSample pass)
    {
        ring.Add(pass);
        CaptureCause cause = triggers.Judge();
        bool begins = false;
        CaptureCause wanted = asked;
        if (wanted != CaptureCause.None && recording == CaptureCause.None && writeNext == writeEnd)
        {
            asked = CaptureCause.None;
            Begin(wanted, pass.UptimeMicroseconds);
        }
        else if (cause != CaptureCause.None)
        {
            if (recording != CaptureCause.None || writeNext < writeEnd || pass.UptimeMicroseconds < firesAgainMicroseconds)
            {
                HeldOffCount++;
            }
            else
            {
                Begin(cause, pass.UptimeMicroseconds);
                begins = true;
            }
        }

        if (recording != CaptureCause.None && pass.UptimeMicroseconds >= recordUntilMicroseconds)
        {
            End();
        }

        if (writeNext < writeEnd)
        {
            WriteSome();
        }

        return begins;
    }

    private void Begin(CaptureCause cause, long nowMicroseconds)
    {
        recording = cause;
        recordUntilMicroseconds = nowMicroseconds + afterMicroseconds;
        firesAgainMicroseconds = recordUntilMicroseconds + holdOffMicroseconds;
    }

    private void End()
    {
        long since = recordUntilMicroseconds - afterMicroseconds - beforeMicroseconds;
        writeNext = ring.Oldest;
        writeEnd = ring.Next;
        while (ring.UptimeMicrosecondsOf(writeNext) < since)
        {
            writeNext++;
        }

        CaptureCount++;
        LastCause = recording;
        writer.Report(channel, recording);
        recording = CaptureCause.None;
    }

    private void WriteSome()
    {
        int count = (int)(writeEnd - writeNext);
        count = count > CaptureWriter.FrameLimit ? CaptureWriter.FrameLimit : count;
        if (writer.Write(channel, topic, sensors, ring, writeNext, count, NextNumber, undeclaredDrops))
        {
            undeclaredDrops = 0;
        }
        else
        {
            undeclaredDrops += count;
            DroppedPassCount += count;
        }

        NextNumber += count;
        writeNext += count;
    }
}
