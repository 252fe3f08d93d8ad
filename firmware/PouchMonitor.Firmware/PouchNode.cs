using System;
using PouchMonitor.Firmware.Calibration;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Firmware.Sensing;

namespace PouchMonitor.Firmware;

/// <summary>
/// A node put together: sensors, sampling loop, store and publisher, over a board and a link. The device drives sampling
/// and publishing from two threads; the emulated board drives both from virtual time. The same sources either way.
/// </summary>
public sealed class PouchNode
{
    private const long MicrosecondsPerMillisecond = 1000;

    /// <exception cref="ArgumentException">The configuration is not valid; the message says where.</exception>
    public PouchNode(NodeConfiguration configuration, IBoard board, IFrameLink link)
    {
        string? fault = configuration.Fault();
        if (fault != null)
        {
            throw new ArgumentException(fault);
        }

        Boot = board.DrawBootId();
        Store = new FrameStore(configuration.StoreFrameCount, configuration.StoreBytes);
        Reports = new NodeReports(configuration, board.Clock, Boot);
        Channels = new ChannelSampler[configuration.Channels.Length];
        var allSensors = new ChannelSensors[Channels.Length];
        long interval = configuration.AcquireIntervalMilliseconds * MicrosecondsPerMillisecond;
        long sampleInterval = configuration.SampleIntervalMilliseconds * MicrosecondsPerMillisecond;
        long publishInterval = configuration.PublishIntervalMilliseconds * MicrosecondsPerMillisecond;
        var captures = new CaptureWriter(board, Store, Reports, configuration.Node, Boot);
        long now = board.Clock.UptimeMicroseconds;
        Tca9548a? multiplexer = AddressPlan.NeedsMultiplexer(configuration.Channels)
            ? new Tca9548a(board.OpenI2c(configuration.MultiplexerAddress, true), board.Pins)
            : null;
        for (int i = 0; i < Channels.Length; i++)
        {
            ChannelConfiguration channel = configuration.Channels[i];
            var sensors = new ChannelSensors(board, channel, multiplexer);
            allSensors[i] = sensors;
            var builder = new FrameBuilder(
                board, Store, sensors, configuration.Node, channel.Name, Boot, configuration.FrameSampleCount,
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

        Abuse = new AbuseMode(Channels, interval, sampleInterval, publishInterval);
        Loop = new SampleLoop(board.Clock, Channels, Abuse);
        Publisher = new FramePublisher(
            Store, link, Reports, Boot, configuration.InFlightCount, configuration.StatusIntervalSeconds * 1000000L);
        Reports.AddEvent("boot", null, 0);
        Calibrator = new Calibrator(board, Reports, Channels, allSensors);
        Calibrator.Load();
    }

    /// <summary>Random number of this start.</summary>
    public ulong Boot { get; }

    public FrameStore Store { get; }

    public NodeReports Reports { get; }

    public ChannelSampler[] Channels { get; }

    public SampleLoop Loop { get; }

    /// <summary>Fast sampling of one channel.</summary>
    public AbuseMode Abuse { get; }

    /// <summary>The calibration commands.</summary>
    public Calibrator Calibrator { get; }

    public FramePublisher Publisher { get; }

    /// <summary>Ends the test on a channel and says so.</summary>
    public void EndTest(int channelIndex)
    {
        Channels[channelIndex].EndTest();
        Reports.AddEvent("test-ended", Channels[channelIndex].Channel, Channels[channelIndex].SampleCount);
    }
}
