using PouchMonitor.Gateway.Store;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>Starts and ends of tests that come late, or that only the journal knows after a restart.</summary>
public class LateBoundaryTests
{
    private const int Samples = 2 * 2 * CycledCell.SamplesPerHalfCycle;

    [Fact]
    public void BacklogOfAClosedTest_GoesThere_AndLeavesTheRunningTestWhole()
    {
        FakeChannel channel = new();
        List<SampleFrame> old = CycledCell.Frames(2, 60, 1, 0, endsTest: false, startsTest: true);
        List<SampleFrame> next = CycledCell.Frames(2, 60, 2, 100_000_000_000, endsTest: true, startsTest: true);
        Arrive(channel, old.SkipLast(2));
        Arrive(channel, next.Take(5));
        Assert.True(channel.State.Tests[0].Run.Ended);

        Arrive(channel, old.TakeLast(2));
        Arrive(channel, next.Skip(5));
        AssertTests(channel, Samples, Samples);
    }

    [Fact]
    public void WhatArrivedBeforeTheEndOfItsTest_BeginsTheNext()
    {
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(2, 40, 7, 0, endsTest: true);
        frames[8].EndsTest = true;
        Arrive(channel, frames.Where(frame => frame != frames[8]));
        Arrive(channel, [frames[8]]);
        AssertTests(channel, 9 * 40, Samples - (9 * 40));
    }

    [Fact]
    public void ABootThatJoinedATest_LeavesIt_WhenItsEndTurnsOutToLieBefore()
    {
        FakeChannel channel = new();
        List<SampleFrame> before = CycledCell.Frames(2, 40, 7, 0, endsTest: true, startsTest: true);
        List<SampleFrame> after = CycledCell.Frames(2, 40, 8, 100_000_000_000, endsTest: false);
        Arrive(channel, before.SkipLast(1));
        Arrive(channel, after.Take(10));
        Arrive(channel, before.TakeLast(1));
        Arrive(channel, after.Skip(10));
        Assert.Equal(2, channel.State.Tests.Count);
        Assert.Equal(Samples, Judgement.Of(channel.State.Tests[0].Run).SampleCount);
        Assert.Equal(Samples, Judgement.Of(channel.State.Tests[1].Run).SampleCount);
        Assert.False(channel.State.Tests[1].Run.Ended);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ABoundaryThatOnlyTheJournalKnowsAfterARestart_IsKept(bool byEnd)
    {
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(2, 40, 7, 0, endsTest: true, startsTest: true);
        frames[8].EndsTest = byEnd;
        frames[9].StartsTest = !byEnd;
        Arrive(channel, frames.Take(5));
        TestCheckpoint checkpoint = channel.Run.Checkpoint();
        Arrive(channel, frames.Skip(5));
        AssertTests(channel, 9 * 40, Samples - (9 * 40));

        channel.Restart([Stored(checkpoint)], [7]);
        Settle(channel);
        AssertTests(channel, 9 * 40, Samples - (9 * 40));
    }

    [Fact]
    public void ALateFrameThatNoCheckpointKnows_IsJudgedAfterARestart()
    {
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(2, 40, 7, 0, endsTest: false, startsTest: true);
        Arrive(channel, frames.Where(frame => frame != frames[8]));
        TestCheckpoint checkpoint = channel.Run.Checkpoint();
        channel.Arrive(channel.Encode(frames[8]));
        channel.Restart([Stored(checkpoint)], [7]);
        Settle(channel);
        Assert.Equal(Samples, Judgement.Of(channel.Run).SampleCount);
    }

    [Fact]
    public void ALateFrameOfAnEndedTest_IsJudgedAfterARestart()
    {
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(2, 40, 7, 0, endsTest: true, startsTest: true);
        Arrive(channel, frames.Where(frame => frame != frames[8]));
        channel.Restart([Stored(channel.Run.Checkpoint())], [7]);
        Settle(channel);
        Arrive(channel, [frames[8]]);
        AssertTests(channel, Samples);
    }

    [Fact]
    public void AStateOfAnotherVersion_IsMadeAgainFromTheJournal()
    {
        FakeChannel channel = new();
        Arrive(channel, CycledCell.Frames(2, 40, 7, 0, endsTest: true, startsTest: true));
        Judgement expected = Judgement.Of(channel.Run);
        StoredTest stored = Stored(channel.Run.Checkpoint());
        stored.Snapshot[0] ^= 0xFF;
        channel.Restart([stored], [7]);
        Settle(channel);
        Judgement.Equal(expected, Judgement.Of(channel.Run));
        Assert.True(channel.Run.Ended);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void ALateJsonSampleAfterARestart_IsCountedOnce(int late)
    {
        FakeChannel channel = new();
        List<SampleFrame> samples = [.. Enumerable.Range(0, 10).Select(JsonSample)];
        Arrive(channel, samples.Where(sample => sample != samples[late]));
        channel.Restart([Stored(channel.Run.Checkpoint())], [0]);
        Settle(channel);
        Arrive(channel, [samples[late]]);
        Assert.Equal(10, Judgement.Of(channel.Run).SampleCount);
        Assert.Equal(samples[9].FirstSampleNumber, channel.Run.LastMicroseconds);
    }

    private static SampleFrame JsonSample(int at)
    {
        // Two thousandths more than 2^31 microseconds apart, so that a difference cut to 32 bits takes either sign.
        SampleFrame frame = new(1)
        {
            Node = "n1",
            Channel = "1",
            Boot = 0,
            FirstSampleNumber = 1_732_150_000_000_000 + (at * 2_150_000_000L),
            IsLive = true,
            HasBootAnchor = true,
            Count = 1,
        };
        frame.UptimeMicroseconds[0] = frame.FirstSampleNumber;
        frame.States[0] = SensorStates.With(SensorStates.AllAbsent, SampleColumns.Voltage, SensorState.Good);
        frame.Counts[SampleColumns.Voltage][0] = 37;
        frame.Scales[SampleColumns.Voltage].Denominator = 10;
        return frame;
    }

    private static void Arrive(FakeChannel channel, IEnumerable<SampleFrame> frames)
    {
        foreach (SampleFrame frame in frames)
        {
            channel.Arrive(channel.Encode(frame));
        }

        Settle(channel);
    }

    private static void Settle(FakeChannel channel)
    {
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        channel.Pass(0);
    }

    private static void AssertTests(FakeChannel channel, params int[] sampleCounts)
    {
        Assert.Equal(sampleCounts.Select(count => (long)count), channel.State.Tests.Select(test => Judgement.Of(test.Run).SampleCount));
        Assert.All(channel.State.Tests, test => Assert.True(test.Run.Ended));
    }

    private static StoredTest Stored(TestCheckpoint checkpoint) => new(checkpoint.Record, [.. checkpoint.Snapshot],
        checkpoint.NextSegment, checkpoint.NextNumber, checkpoint.Cycles, checkpoint.Pulses, checkpoint.Findings)
    {
        Steps = checkpoint.Steps,
    };
}
