using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Gateway.Tests.Pipeline;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Setup;

/// <summary>Somebody ends a running test: which samples belong to which test, whatever arrives late and whenever the gateway dies.</summary>
public class TestCutTests
{
    private const int SamplesPerFrame = 40;

    [Fact]
    public void ARunningTest_EndsWhereItsSamplesStood_AndTheNextSampleBeginsAnother()
    {
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(2, SamplesPerFrame, 7, 0, endsTest: true);
        Arrive(channel, frames.Take(20));
        BootPlace cut = Cut(channel);
        channel.Pass(0);
        Assert.Equal(new BootPlace(7, 20 * SamplesPerFrame), cut);
        Assert.True(Assert.Single(channel.State.Tests).Run.Ended);
        Assert.Null(channel.State.Running());
        Arrive(channel, frames.Skip(20));
        channel.Pass(0);
        AssertSplit(channel, frames, 20);
    }

    [Fact]
    public void WhatComesLate_BelongsToTheTestItWasMeasuredIn()
    {
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(2, SamplesPerFrame, 7, 0, endsTest: true);
        Arrive(channel, frames.Take(12).Concat(frames.Skip(13).Take(7)));
        Cut(channel);
        Arrive(channel, frames.Skip(20));
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Arrive(channel, frames.Skip(12).Take(1));
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        AssertSplit(channel, frames, 20);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ACutThatNoCheckpointKnowsOf_IsMadeAgainAtTheStart(bool hasCheckpoint)
    {
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(2, SamplesPerFrame, 7, 0, endsTest: true);
        Arrive(channel, frames.Take(15));
        StoredTest[] stored = hasCheckpoint ? [Stored(channel.Run.Checkpoint())] : [];
        Arrive(channel, frames.Skip(15).Take(5));
        BootPlace cut = Cut(channel);
        Arrive(channel, frames.Skip(20).Take(6));
        channel.Restart(stored, [7], cut);
        channel.Pass(0);
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Arrive(channel, frames.Skip(26));
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        AssertSplit(channel, frames, 20);

        // Known by now: making it again changes nothing.
        channel.State.Cut(cut);
        channel.Pass(0);
        AssertSplit(channel, frames, 20);
    }

    [Fact]
    public void AnyOrderAndAnyCrash_GiveWhatOrderGives()
    {
        int seed = Environment.TickCount;
        for (int round = 0; round < 60; round++, seed++)
        {
            Random random = new(seed);
            TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
            List<SampleFrame> frames = CycledCell.Frames(2, SamplesPerFrame, 7, 0, endsTest: true);
            int cutAt = random.Next(2, frames.Count - 2);
            FakeChannel channel = new();

            // The newest sample before the cut has come; some before it come only afterwards.
            List<SampleFrame> late = [.. frames.Take(cutAt - 1).Where((_, index) => index > 0 && random.Next(8) == 0)];
            Arrive(channel, frames.Take(cutAt).Except(late));
            StoredTest[] stored = random.Next(2) == 0 ? [Stored(channel.Run.Checkpoint())] : [];
            BootPlace cut = Cut(channel);
            List<SampleFrame> rest = [.. frames.Skip(cutAt), .. late];
            for (int i = rest.Count - 1; i > 0; i--)
            {
                int other = Math.Max(0, i - random.Next(6));
                (rest[i], rest[other]) = (rest[other], rest[i]);
            }

            int crashAt = random.Next(rest.Count);
            Arrive(channel, rest.Take(crashAt));
            channel.Restart(stored, [7], cut);
            channel.Pass(random.Next(2) * 1000);
            Arrive(channel, rest.Skip(crashAt));
            channel.Pass(2 * FakeChannel.HoldMicroseconds);
            channel.Pass(2 * FakeChannel.HoldMicroseconds);
            AssertSplit(channel, frames, cutAt);
        }
    }

    private static BootPlace Cut(FakeChannel channel)
    {
        BootPlace? cut = channel.State.EndOfRunning();
        Assert.NotNull(cut);
        channel.State.Cut(cut);
        return cut;
    }

    private static void Arrive(FakeChannel channel, IEnumerable<SampleFrame> frames)
    {
        foreach (SampleFrame frame in frames)
        {
            channel.Arrive(channel.Encode(frame));
            channel.Pass(1000);
        }
    }

    // What the same samples give where the first test says itself where it ends.
    private static void AssertSplit(FakeChannel channel, List<SampleFrame> frames, int cutAt)
    {
        FakeChannel expected = new();
        List<SampleFrame> ordered = CycledCell.Frames(2, SamplesPerFrame, 7, 0, endsTest: true);
        ordered[cutAt - 1].EndsTest = true;
        Arrive(expected, ordered);
        expected.Pass(0);
        Assert.Equal(frames.Count, ordered.Count);
        Assert.Equal(2, channel.State.Tests.Count);
        for (int i = 0; i < 2; i++)
        {
            Assert.True(channel.State.Tests[i].Run.Ended);
            Judgement.Equal(Judgement.Of(expected.State.Tests[i].Run), Judgement.Of(channel.State.Tests[i].Run));
        }
    }

    private static StoredTest Stored(TestCheckpoint checkpoint) => new(
        checkpoint.Record, checkpoint.Snapshot, checkpoint.NextSegment, checkpoint.NextNumber, checkpoint.Cycles, checkpoint.Pulses, checkpoint.Findings)
    {
        Steps = checkpoint.Steps,
        Calibrations = checkpoint.Calibrations,
    };
}
