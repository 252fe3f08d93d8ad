using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>The final state equals in-order processing, whatever the order of arrival.</summary>
public class OrderOfArrivalTests(ITestOutputHelper output)
{
    private const ulong Boot = 0xB007;

    [Fact]
    public void FramesInOrder_GiveACycleForEachChargeAndDischarge()
    {
        FakeChannel channel = InOrder(5, Boot);
        Judgement judgement = Judgement.Of(channel.Run);
        Assert.Equal(5, judgement.Cycles.Count);
        Assert.Equal(5 * 2 * CycledCell.SamplesPerHalfCycle, judgement.SampleCount);
        Assert.True(channel.Run.Ended);

        // 1 A for the samples of a half cycle, ten seconds apart.
        Assert.Equal(1.0, judgement.Cycles[0].DischargeCapacityAh!.Value, 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void ShuffledFrames_GiveTheSameJudgement(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        Judgement expected = Judgement.Of(InOrder(6, Boot).Run);
        FakeChannel channel = new();
        SampleFrame[] frames = [.. CycledCell.Frames(6, 40, Boot, 0, endsTest: true, startsTest: true)];
        random.Shuffle(frames);
        foreach (SampleFrame frame in frames)
        {
            channel.Arrive(channel.Encode(frame));

            // Sometimes the worker is idle, sometimes so long that it gives a missing frame up.
            if (random.Next(4) == 0)
            {
                channel.Pass(random.Next(8_000_000));
            }
        }

        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Assert.Single(channel.State.Tests);
        Judgement.Equal(expected, Judgement.Of(channel.Run));
        Assert.True(channel.Run.Ended);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ReportsThatLagBehindTheJournal_AreNoLateFrames(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        Judgement expected = Judgement.Of(InOrder(6, Boot).Run);
        FakeChannel channel = new();
        List<byte[]> frames = [.. CycledCell.Frames(6, 40, Boot, 0, endsTest: true, startsTest: true).Select(frame => channel.Encode(frame))];

        // Under load the worker reads on in the journal while the reports of what it reads still queue.
        int stored = 0;
        for (int reported = 0; reported < frames.Count; reported++)
        {
            while (stored < frames.Count && (stored <= reported || random.Next(4) > 0))
            {
                channel.Store(frames[stored++]);
            }

            channel.HandOver(frames[reported]);
            Assert.All(channel.State.Tests, test => Assert.Null(test.RejudgeFrom));
            if (random.Next(3) == 0)
            {
                channel.Pass(0);
            }
        }

        channel.Pass(0);
        Judgement.Equal(expected, Judgement.Of(channel.Run));
        Assert.True(channel.Run.Ended);
        Assert.All(channel.Run.View.Cycles, cycle => Assert.Equal(0, cycle.Revision));
    }

    [Fact]
    public void OneLateFrame_IsJudgedAgain_AndItsCycleCarriesARevision()
    {
        Judgement expected = Judgement.Of(InOrder(6, Boot).Run);
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(6, 40, Boot, 0, endsTest: true, startsTest: true);
        SampleFrame late = frames[25];
        foreach (SampleFrame frame in frames.Where(frame => frame != late))
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(0);
        Assert.Equal(late.FirstSampleNumber, channel.State.Current!.Analysed.Number);
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Assert.True(channel.Run.Ended);
        Assert.NotEqual(expected.Cycles, Judgement.Of(channel.Run).Cycles);

        channel.Arrive(channel.Encode(late));
        channel.Pass(0);
        Judgement.Equal(expected, Judgement.Of(channel.Run));
        Assert.Contains(channel.Run.View.Cycles, cycle => cycle.Revision == 1);
        Assert.Contains(channel.Run.View.Cycles, cycle => cycle.Revision == 0);
    }

    [Fact]
    public void ADeclaredDrop_IsNotWaitedFor()
    {
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(2, 40, Boot, 0, endsTest: true);
        frames[6].DroppedBeforeCount = frames[5].Count;
        foreach (SampleFrame frame in frames.Where(frame => frame != frames[5]))
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(0);
        Assert.True(channel.Run.Ended);
        Assert.Equal((2 * 2 * CycledCell.SamplesPerHalfCycle) - 40, Judgement.Of(channel.Run).SampleCount);
    }

    [Fact]
    public void ALaterAnchor_AppliesToTheWholeBoot()
    {
        const long Anchor = 1_700_000_000_000_000;
        Judgement expected = Judgement.Of(InOrder(3, Boot, Anchor).Run);
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(3, 40, Boot, Anchor, endsTest: true);
        for (int i = 0; i < frames.Count; i++)
        {
            frames[i].HasBootAnchor = i > 20;
            channel.Arrive(channel.Encode(frames[i]));
            channel.Pass(1000);
        }

        channel.Pass(0);
        Judgement.Equal(expected, Judgement.Of(channel.Run));
    }

    [Fact]
    public void ARestartInTheMiddle_NeitherRepeatsNorSkips()
    {
        Judgement expected = Judgement.Of(InOrder(6, Boot).Run);
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(6, 40, Boot, 0, endsTest: true, startsTest: true);
        TestCheckpoint? checkpoint = null;
        for (int i = 0; i < frames.Count; i++)
        {
            channel.Arrive(channel.Encode(frames[i]));
            channel.Pass(1000);
            if (i == 30)
            {
                checkpoint = channel.Run.Checkpoint();
            }

            if (i == 50)
            {
                channel.Restart([Stored(checkpoint!)], [Boot]);
                channel.Pass(1000);
            }
        }

        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Assert.Single(channel.State.Tests);
        Judgement.Equal(expected, Judgement.Of(channel.Run));
    }

    /// <summary>The state was saved by the program of before steps, after the first 31 frames.</summary>
    [Fact]
    public void ATestOfBeforeSteps_IsJudgedAgain_WhereTheJournalHasAllOfIt()
    {
        Judgement expected = Judgement.Of(InOrder(6, Boot).Run);
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(6, 40, Boot, 0, endsTest: true, startsTest: true);
        foreach (SampleFrame frame in frames.Take(31))
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(1000);
        using Stream stream = typeof(OrderOfArrivalTests).Assembly.GetManifestResourceStream("checkpoint-layout2.bin")!;
        byte[] snapshot = new byte[stream.Length];
        stream.ReadExactly(snapshot);
        StoredTest stored = Stored(channel.Run.Checkpoint()) with { Snapshot = snapshot, Steps = [] };
        Assert.True(new TestRun(stored, CellProfiles.Default).LacksSteps);
        channel.Restart([stored], [Boot]);
        channel.Pass(1000);
        foreach (SampleFrame frame in frames.Skip(31))
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Judgement.Equal(expected, Judgement.Of(channel.Run));
        Assert.All(channel.Run.View.Cycles, cycle => Assert.Equal(0, cycle.Revision));
    }

    [Fact]
    public void ARestartWithoutACheckpoint_TakesEverythingFromTheJournal()
    {
        Judgement expected = Judgement.Of(InOrder(4, Boot).Run);
        FakeChannel channel = InOrder(4, Boot);
        channel.Restart([], [Boot]);
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Judgement.Equal(expected, Judgement.Of(channel.Run));
    }

    private static FakeChannel InOrder(int cycles, ulong boot, long anchor = 0)
    {
        FakeChannel channel = new();
        foreach (SampleFrame frame in CycledCell.Frames(cycles, 40, boot, anchor, endsTest: true, startsTest: true))
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(0);
        return channel;
    }

    private static StoredTest Stored(TestCheckpoint checkpoint) => new(checkpoint.Record, checkpoint.Snapshot,
        checkpoint.NextSegment, checkpoint.NextNumber, checkpoint.Cycles, checkpoint.Pulses, checkpoint.Findings)
    {
        Steps = checkpoint.Steps,
    };
}
