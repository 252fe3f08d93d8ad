using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>What frames show that cannot be stored is announced, also where no test runs that they could belong to.</summary>
public class UntestedAlarmTests : IFrameHistory
{
    private const string Unstored = "n1.1@unstored";
    private const long Now = 2_000_000_000_000_000;
    private readonly FakeChannel stored = new();
    private readonly AlarmBook alarms = new([], _ => { });
    private readonly WorkerServices services;
    private int tests;

    public UntestedAlarmTests() => services = new WorkerServices
    {
        Channel = new ChannelServices(this, FakeChannel.HoldMicroseconds, (_, _) => CellProfiles.Default, Begin) { CellOf = (_, _) => "c1" },
        Alarms = alarms,
        NowMicroseconds = () => Now,
        Publish = _ => { },
        Faulted = _ => { },
        Store = (_, _) => { },
    };

    [Fact]
    public void ARunawayBeforeAnyTest_IsAnnounced_AndHandedOverToTheTest()
    {
        WorkerChannel channel = Channel();
        SampleFrame frame = Runaway(boot: 7);
        channel.Arrived(frame, isAnalysed: false, Now, services, Now);
        Alarm announced = Assert.Single(alarms.Open(Unstored), alarm => alarm.Rule == RuleNames.ThermalRunaway);
        Assert.Equal(("c1", true), (announced.Cell, announced.IsActive));

        // There is room again: the frame is stored and judged.
        Store(channel, frame);
        Assert.Contains(alarms.Open("c1@1"), alarm => alarm.Rule == RuleNames.ThermalRunaway && alarm.IsActive);
        channel.Publish(services, Now);
        Assert.DoesNotContain(alarms.Open(Unstored), alarm => alarm.IsActive || alarm.Rule == RuleNames.ThermalRunaway);
    }

    [Fact]
    public void ARunawayAfterATestHasEnded_IsNotTakenForAPartOfIt()
    {
        WorkerChannel channel = Channel();
        SampleFrame quiet = Frame(boot: 7, _ => 25);
        quiet.EndsTest = true;
        Store(channel, quiet);
        Assert.True(channel.State.Current!.Run.Ended);

        SampleFrame frame = Runaway(boot: 8);
        frame.BootAnchorUnixMicroseconds += 1_000_000_000;
        channel.Arrived(frame, isAnalysed: false, Now, services, Now);
        Assert.Contains(alarms.Open(Unstored), alarm => alarm.Rule == RuleNames.ThermalRunaway && alarm.IsActive);
        Assert.Empty(alarms.Open("c1@1"));
        channel.Publish(services, Now);
        Assert.Contains(alarms.Open(Unstored), alarm => alarm.Rule == RuleNames.ThermalRunaway && alarm.IsActive);
    }

    [Fact]
    public void WhatTheTestDoesNotBearOut_IsStillToBeAcknowledged()
    {
        WorkerChannel channel = Channel();
        channel.Arrived(Runaway(boot: 7), isAnalysed: false, Now, services, Now);
        SampleFrame quiet = Frame(boot: 8, _ => 25);
        quiet.BootAnchorUnixMicroseconds += 1_000_000_000;
        Store(channel, quiet);
        Alarm alarm = Assert.Single(alarms.Open(Unstored), alarm => alarm.Rule == RuleNames.ThermalRunaway);
        Assert.Equal(AlarmState.ReturnedUnacknowledged, alarm.State);
    }

    [Fact]
    public void ACaptureOfARunawayThatTheSamplesMissed_IsAnnouncedAndCountsNoCharge()
    {
        WorkerChannel channel = Channel();
        SampleFrame quiet = Frame(boot: 7, _ => 25);
        Store(channel, quiet);
        Assert.DoesNotContain(alarms.Open("c1@1"), alarm => alarm.Rule == RuleNames.ThermalRunaway);
        long? analysed = channel.State.Current!.Run.LastMicroseconds;

        SampleFrame burst = Runaway(boot: 7);
        burst.Kind = FrameKind.Capture;
        burst.StartsTest = false;
        channel.Arrived(burst, isAnalysed: false, Now, services, Now);
        Assert.Contains(alarms.Open("c1@1"), alarm => alarm.Rule == RuleNames.ThermalRunaway && alarm.IsActive);
        Assert.Equal(analysed, channel.State.Current!.Run.LastMicroseconds);
    }

    [Fact]
    public void AnInfraredImage_IsJudgedByItsHottestPixelInTheSamplesAndNotAsASeries()
    {
        WorkerChannel channel = Channel();
        SampleFrame image = Runaway(boot: 7);
        image.Kind = FrameKind.Image;
        channel.Arrived(image, isAnalysed: false, Now, services, Now);
        Assert.Empty(alarms.Open(Unstored));
    }

    long IFrameHistory.StartPosition => stored.StartPosition;

    IFrameCursor IFrameHistory.Open(string node, string channel, ulong boot, long fromNumber) => stored.Open(node, channel, boot, fromNumber);

    private static SampleFrame Runaway(ulong boot) => Frame(boot, second => 25 + (second < 20 ? 0 : 8 * (second - 20)));

    // A minute at a sample a second; hot cells have lost their voltage.
    private static SampleFrame Frame(ulong boot, Func<int, int> surfaceC)
    {
        const int seconds = 60;
        var frame = new SampleFrame(seconds)
        {
            Node = "n1", Channel = "1", Boot = boot, Count = seconds, IsLive = true, StartsTest = true,
            HasBootAnchor = true, BootAnchorUnixMicroseconds = 1_790_000_000_000_000,
        };
        for (int at = 0; at < seconds; at++)
        {
            uint states = SensorStates.With(SensorStates.AllAbsent, SampleColumns.Voltage, SensorState.Good);
            states = SensorStates.With(states, SampleColumns.Current, SensorState.Good);
            frame.States[at] = SensorStates.With(states, SampleColumns.Surface, SensorState.Good);
            frame.UptimeMicroseconds[at] = at * 1_000_000L;
            frame.Counts[SampleColumns.Voltage][at] = surfaceC(at) > 150 ? 100 : 3900;
            frame.Counts[SampleColumns.Surface][at] = surfaceC(at);
        }

        frame.Scales[SampleColumns.Voltage].Denominator = 1000;
        return frame;
    }

    // As a worker does with a frame that has become durable after its limits were judged.
    private void Store(WorkerChannel channel, SampleFrame frame)
    {
        stored.Arrive(stored.Encode(frame));
        channel.State.Take(frame, position: 0, Now, Now);
        while (channel.State.NeedsWork && channel.State.Tests.All(test => test.HasMore || test.LooksBeyond))
        {
            channel.State.Work(new SampleFrame(SampleFrame.MaximumSamples), Now, isIdle: true);
        }

        channel.Publish(services, Now);
    }

    private WorkerChannel Channel() => new(new ChannelState("n1", "1", services.Channel));

    private TestRun Begin(string node, string channel, TestSegment segment) => new(
        new TestRecord { Test = $"c1@{++tests}", Cell = "c1", Node = node, Channel = channel, Ordinal = tests, Segments = [segment] },
        CellProfiles.Default);
}
