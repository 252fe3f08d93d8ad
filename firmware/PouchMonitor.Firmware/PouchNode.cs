using System;
using PouchMonitor.Firmware.Calibration;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Protection;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Firmware.Timing;
using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware;

/// <summary>
/// A node put together: sensors, sampling loop, store and publisher, over a board and a link. The device drives sampling
/// and publishing from two threads; the emulated board drives both from virtual time. The same sources either way.
/// </summary>
public sealed class PouchNode
{
    private const long MicrosecondsPerMillisecond = 1000;

    private readonly BootRecord? record;
    private readonly ClockWatch clockWatch;
    private bool isAnchorRecorded;

    /// <exception cref="ArgumentException">The configuration is not valid; the message says where.</exception>
    public PouchNode(NodeConfiguration configuration, IBoard board, IFrameLink link)
    {
        string? fault = configuration.Fault();
        if (fault != null)
        {
            throw new ArgumentException(fault);
        }

        record = configuration.StoreFlashBytes == 0 ? null : new BootRecord(board.Files);
        ulong drawn = board.DrawBootId();
        Boot = record == null ? drawn : record.Begin(drawn);
        Anchor = new BootAnchor(board, configuration.TimeConfirmSeconds * 1000000L);
        Store = new FrameStore(
            configuration.StoreFrameCount,
            configuration.StoreBytes,
            configuration.StoreFlashBytes == 0
                ? null
                : new FlashQueue(board.Files, configuration.Node, configuration.StoreFlashBytes, 16 + (2 * configuration.InFlightCount)),
            configuration.FreesOnStored);
        Reports = new NodeReports(configuration, board.Clock, Boot);
        Channels = new ChannelSampler[configuration.Channels.Length];
        var guards = new GuardedSensors[Channels.Length];
        var protections = new ChannelProtection[Channels.Length];
        Sensors = new ChannelSensors[configuration.Channels.Length];
        long interval = configuration.AcquireIntervalMilliseconds * MicrosecondsPerMillisecond;
        long sampleInterval = configuration.SampleIntervalMilliseconds * MicrosecondsPerMillisecond;
        long publishInterval = configuration.PublishIntervalMilliseconds * MicrosecondsPerMillisecond;
        var captures = new CaptureWriter(Anchor, Store, Reports, configuration.Node, Boot);
        ImageWriter? images = null;
        long now = board.Clock.UptimeMicroseconds;
        Tca9548a? multiplexer = AddressPlan.NeedsMultiplexer(configuration.Channels)
            ? new Tca9548a(board.OpenI2c(configuration.MultiplexerAddress, true), board.Pins)
            : null;
        for (int i = 0; i < Channels.Length; i++)
        {
            ChannelConfiguration channel = configuration.Channels[i];
            var bare = new ChannelSensors(board, channel, multiplexer);
            Sensors[i] = bare;
            if (channel.ArrayAddress != 0 && channel.ImageIntervalSeconds > 0)
            {
                images ??= new ImageWriter(Anchor, Store, configuration.Node, Boot);
                bare.Images = new ImageRecorder(configuration.Node, channel.Name, channel.ImageIntervalSeconds, images);
            }

            protections[i] = new ChannelProtection(
                i, channel.Name, board.Pins, board.Clock, board.Files, channel.Protection, ScalesOf(bare));
            var sensors = new GuardedSensors(bare, protections[i]);
            guards[i] = sensors;
            var builder = new FrameBuilder(
                Anchor, Store, sensors, configuration.Node, channel.Name, Boot, configuration.FrameSampleCount,
                publishInterval);
            builder.SetRates(sampleInterval > interval, publishInterval);

            // Channels take turns within an interval, so that they do not wait for each other.
            long first = now + (interval * i / Channels.Length);
            Channels[i] = new ChannelSampler(channel.Name, sensors, builder, interval, sampleInterval, first)
            {
                Captures = channel.CaptureBeforeMilliseconds > 0
                    ? new CaptureRecorder(configuration.Node, channel, sensors, captures)
                    : null,
            };
        }

        Abuse = new AbuseMode(Channels, new AbuseMemory(board.Files), interval, sampleInterval, publishInterval);
        Trigger = new TriggerInput(
            board, Reports, Channels, Abuse, configuration.TriggerEdge, configuration.TriggerDebounceMilliseconds * MicrosecondsPerMillisecond);
        Loop = new SampleLoop(board.Clock, Channels, guards, Abuse, Trigger);
        Publisher = new FramePublisher(
            Store, link, Reports, Boot, configuration.InFlightCount, configuration.StatusIntervalSeconds * 1000000L);
        Protection = new NodeProtection(board, Reports, Publisher, protections, Channels);
        Reports.ProtectionPart = Protection;
        Reports.AbusePart = Abuse;
        Reports.TriggerPart = Trigger;
        Abuse.SetPublisher(Publisher);
        Trigger.SetPublisher(Publisher);
        clockWatch = new ClockWatch(Anchor, Reports);
        Reports.AddEvent("boot", null, record == null ? 0 : record.Number);
        if (record != null && record.HasPrevious)
        {
            Reports.AddRestarted(record);
        }

        Calibrator = new Calibrator(board, Anchor, Reports, Publisher, Channels, Sensors);
        Reports.CalibrationPart = Calibrator;
        Calibrator.Load();
    }

    /// <summary>Random number of this start.</summary>
    public ulong Boot { get; }

    /// <summary>Where uptime zero of this boot lies on the clock.</summary>
    public BootAnchor Anchor { get; }

    public FrameStore Store { get; }

    public NodeReports Reports { get; }

    public ChannelSampler[] Channels { get; }

    /// <summary>The sensors of each channel.</summary>
    public ChannelSensors[] Sensors { get; }

    public SampleLoop Loop { get; }

    /// <summary>Fast sampling of one channel.</summary>
    public AbuseMode Abuse { get; }

    /// <summary>The trigger input.</summary>
    public TriggerInput Trigger { get; }

    /// <summary>The calibration commands.</summary>
    public Calibrator Calibrator { get; }

    public FramePublisher Publisher { get; }

    public NodeProtection Protection { get; }

    /// <summary>Publishes what can be published, and writes down what the next boot must know. From the publishing thread.</summary>
    public void Pump(long nowMicroseconds)
    {
        if (record != null && !isAnchorRecorded && Anchor.TryGet(out long unixMicroseconds))
        {
            isAnchorRecorded = true;
            record.SetAnchor(unixMicroseconds);
        }

        clockWatch.Look(nowMicroseconds);
        Publisher.Pump(nowMicroseconds);
    }

    /// <summary>
    /// Brings every sample to flash and writes down how many there were, before a restart that the program orders. Nothing
    /// is sampled after it.
    /// </summary>
    public void PrepareForRestart()
    {
        long[] counts = new long[Channels.Length];
        for (int i = 0; i < Channels.Length; i++)
        {
            Channels[i].Builder.Seal(false);
            counts[i] = Channels[i].SampleCount;
        }

        if (Store.FlushAll() && record != null)
        {
            record.End(counts);
        }
    }

    /// <summary>Ends the test on a channel and says so.</summary>
    public void EndTest(int channelIndex)
    {
        Channels[channelIndex].EndTest();
        Reports.AddEvent("test-ended", Channels[channelIndex].Channel, Channels[channelIndex].SampleCount);
        Publisher.SendStatusSoon();
    }

    private static ColumnScale[] ScalesOf(ChannelSensors sensors)
    {
        var scales = new ColumnScale[SampleColumns.Count];
        for (int column = 0; column < scales.Length; column++)
        {
            scales[column] = new ColumnScale();
        }

        sensors.FillScales(scales);
        return scales;
    }
}
