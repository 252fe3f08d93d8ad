using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>Frames that break a rule are refused before they travel, and the message names member, value and limit.</summary>
public class EncoderRuleTests
{
    [Fact]
    public void Count_IsOneToMaximum()
    {
        SampleFrame frame = TypicalFrames.Noisy(4096, 1);
        Assert.True(Frames.Encode(frame).Length > 0);
        frame.Count = 1;
        Assert.True(Frames.Encode(frame).Length > 0);
        frame.Count = 0;
        Assert.Contains("sample count 0", Refusal(frame));

        var large = new SampleFrame(4097) { Node = "n", Channel = "1", Count = 4097 };
        Assert.Contains("sample count 4097 is not 1 to 4096", Refusal(large));
        large.Count = 4096;
        Assert.True(Frames.Encode(large).Length > 0);

        var small = new SampleFrame(3) { Node = "n", Channel = "1", Count = 4 };
        Assert.Contains("capacity 3", Refusal(small));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    [InlineData("alarm", false)]
    [InlineData("Alarm", true)]
    public void NodeName_KeepsToTheRule(string name, bool isLawful)
    {
        SampleFrame frame = TypicalFrames.Noisy(2, 1);
        frame.Node = name;
        Assert.Equal(isLawful, Record.Exception(() => Frames.Encode(frame)) is null);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void NameLength_IsAtMost64(int length, bool isLawful)
    {
        SampleFrame frame = TypicalFrames.Noisy(2, 1);
        frame.Channel = new string('x', length);
        Assert.Equal(isLawful, Record.Exception(() => Frames.Encode(frame)) is null);
        frame.Channel = "1";
        frame.Node = new string('x', length);
        Assert.Equal(isLawful, Record.Exception(() => Frames.Encode(frame)) is null);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Kind_IsSamplesOrCapture(int kind, bool isLawful)
    {
        SampleFrame frame = TypicalFrames.Noisy(2, 1);
        frame.Kind = (FrameKind)kind;
        Assert.Equal(isLawful, Record.Exception(() => Frames.Encode(frame)) is null);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(-1, 0, false)]
    [InlineData(5, 5, true)]
    [InlineData(5, 6, false)]
    [InlineData(5, -1, false)]
    [InlineData(long.MaxValue - 1, 0, true)]
    [InlineData(long.MaxValue, 0, false)]
    public void NumbersOfTwoSamples_StayInRange(long first, long dropped, bool isLawful)
    {
        SampleFrame frame = TypicalFrames.Noisy(2, 1);
        frame.FirstSampleNumber = first;
        frame.DroppedBeforeCount = dropped;
        Assert.Equal(isLawful, Record.Exception(() => Frames.Encode(frame)) is null);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 1, true)]
    [InlineData(1, 0, false)]
    [InlineData(-1, 0, false)]
    [InlineData(long.MaxValue, long.MaxValue, true)]
    public void Time_NeverFalls(long first, long second, bool isLawful)
    {
        SampleFrame frame = TypicalFrames.Noisy(2, 1);
        frame.UptimeMicroseconds[0] = first;
        frame.UptimeMicroseconds[1] = second;
        Assert.Equal(isLawful, Record.Exception(() => Frames.Encode(frame)) is null);
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(0, 1, false)]
    [InlineData(1, 0, false)]
    [InlineData(-1, 1, false)]
    [InlineData(1, -1, false)]
    public void Scale_IsAPositiveFraction(long numerator, long denominator, bool isLawful)
    {
        SampleFrame frame = TypicalFrames.Noisy(2, 1);
        frame.Scales[9].Numerator = numerator;
        frame.Scales[9].Denominator = denominator;
        Assert.Equal(isLawful, Record.Exception(() => Frames.Encode(frame)) is null);
    }

    [Fact]
    public void NegativeCounters_AreRefusedOnlyWherePresent()
    {
        SampleFrame frame = TypicalFrames.Noisy(2, 1);
        frame.DischargedCountMicroseconds = -1;
        Assert.Contains("counters", Refusal(frame));
        frame.HasChargeCounters = false;
        Assert.True(Frames.Encode(frame).Length > 0);
    }

    [Fact]
    public void StatesBeyondTheColumns_AreRefused()
    {
        SampleFrame frame = TypicalFrames.Noisy(2, 1);
        frame.States[1] |= 1u << 30;
        Assert.Contains("states of sample 1", Refusal(frame));
    }

    [Fact]
    public void DestinationThatIsTooSmall_IsRefusedAndNotOverrun()
    {
        SampleFrame frame = TypicalFrames.Noisy(60, 1);
        int length = Frames.Encode(frame).Length;
        for (int room = 0; room < length; room++)
        {
            byte[] bytes = new byte[room + 5];
            Assert.Throws<ArgumentException>(() => SampleFrameEncoder.Encode(frame, bytes, 5));
        }

        Assert.Equal(length, SampleFrameEncoder.Encode(frame, new byte[length + 5], 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleFrameEncoder.Encode(frame, new byte[5], 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleFrameEncoder.Encode(frame, new byte[5], -1));
    }

    [Fact]
    public void FullNoiseInEveryColumn_FitsOrIsRefused()
    {
        var random = new Random(1);
        var frame = new SampleFrame(4096) { Node = "n", Channel = "1" };
        for (int i = 0; i < 4096; i++)
        {
            var sample = new CellSample { Number = i, UptimeMicroseconds = i };
            for (int column = 0; column < SampleColumns.Count; column++)
            {
                sample.SetGood(column, random.NextInt64() ^ random.NextInt64(long.MinValue, 0));
            }

            frame.Add(sample);
        }

        Assert.Contains("4096 samples does not fit 262144 bytes", Refusal(frame));
        frame.Count = 3000;
        Assert.Null(Frames.Difference(frame, Frames.Decode(Frames.Encode(frame))));
    }

    private static string Refusal(SampleFrame frame) => Assert.Throws<ArgumentException>(() => Frames.Encode(frame)).Message;
}
