using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>Which samples belong to which test.</summary>
public class TestBoundaryTests
{
    [Fact]
    public void AfterATestsEnd_TheNextSampleBeginsAnother()
    {
        FakeChannel channel = new();
        List<SampleFrame> frames = CycledCell.Frames(2, 40, 7, 0, endsTest: true);
        frames[8].EndsTest = true;
        foreach (SampleFrame frame in frames)
        {
            channel.Arrive(channel.Encode(frame));
            channel.Pass(1000);
        }

        channel.Pass(0);
        Assert.Equal(2, channel.State.Tests.Count);
        Assert.Equal(9 * 40, Judgement.Of(channel.State.Tests[0].Run).SampleCount);
        Assert.Equal((2 * 720) - (9 * 40), Judgement.Of(channel.State.Tests[1].Run).SampleCount);
    }

    [Fact]
    public void ARestartedNode_GoesOnWithTheOpenTest_EvenWhenItsBacklogComesLast()
    {
        FakeChannel channel = new();
        List<SampleFrame> before = CycledCell.Frames(2, 40, 7, 0, endsTest: false, startsTest: true);
        List<SampleFrame> after = CycledCell.Frames(2, 40, 8, 100_000_000_000, endsTest: true);
        foreach (SampleFrame frame in before.Take(10).Concat(after).Concat(before.Skip(10)))
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Assert.Single(channel.State.Tests);
        Assert.Equal(4 * 720, Judgement.Of(channel.Run).SampleCount);
        Assert.True(channel.Run.Ended);
    }

    [Fact]
    public void TheSameSeriesReplayedTwice_IsTwoTests_WithTheSameJudgement()
    {
        FakeChannel channel = new();
        foreach (ulong boot in (ulong[])[1, 2])
        {
            foreach (SampleFrame frame in CycledCell.Frames(3, 60, boot, 0, endsTest: true, startsTest: true))
            {
                channel.Arrive(channel.Encode(frame));
            }

            channel.Pass(1000);
        }

        Assert.Equal(2, channel.State.Tests.Count);
        Judgement.Equal(Judgement.Of(channel.State.Tests[0].Run), Judgement.Of(channel.State.Tests[1].Run));
    }

    [Fact]
    public void AnUnfinishedTest_IsClosedByTheNextOnesStart()
    {
        FakeChannel channel = new();
        foreach (SampleFrame frame in CycledCell.Frames(2, 60, 1, 0, endsTest: false, startsTest: true))
        {
            channel.Arrive(channel.Encode(frame));
        }

        foreach (SampleFrame frame in CycledCell.Frames(2, 60, 2, 0, endsTest: true, startsTest: true))
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(0);
        Assert.Equal(2, channel.State.Tests.Count);
        Assert.All(channel.State.Tests, test => Assert.True(test.Run.Ended));
        Judgement.Equal(Judgement.Of(channel.State.Tests[0].Run), Judgement.Of(channel.State.Tests[1].Run));
    }

    [Fact]
    public void TheStartOfATestThatComesLate_MovesItsSamplesOutOfTheTestBefore()
    {
        FakeChannel channel = new();
        foreach (SampleFrame frame in CycledCell.Frames(2, 60, 1, 0, endsTest: false, startsTest: true))
        {
            channel.Arrive(channel.Encode(frame));
        }

        List<SampleFrame> next = CycledCell.Frames(2, 60, 2, 0, endsTest: true, startsTest: true);
        foreach (SampleFrame frame in next.Skip(1))
        {
            channel.Arrive(channel.Encode(frame));
        }

        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        channel.Arrive(channel.Encode(next[0]));
        channel.Pass(2 * FakeChannel.HoldMicroseconds);
        Assert.Equal(2, channel.State.Tests.Count);
        Assert.All(channel.State.Tests, test => Assert.Equal(2 * 720, Judgement.Of(test.Run).SampleCount));
        Assert.All(channel.State.Tests, test => Assert.True(test.Run.Ended));
    }
}
