using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>Whatever goes in comes out, by two decoders: the product's and one written from WIRE.md alone.</summary>
public class RoundTripTests
{
    [Fact]
    public void TypicalFrame_ComesBackEqual()
    {
        foreach (int count in new[] { 1, 2, 3, 31, 32, 60, 63, 64, 65, 127, 128, 129, 1000, 4096 })
        {
            SampleFrame frame = TypicalFrames.Noisy(count, count);
            byte[] bytes = Frames.Encode(frame);
            Assert.Null(Frames.Difference(frame, Frames.Decode(bytes)));
            Assert.Equal(bytes, Frames.Encode(Frames.Decode(bytes)));
        }
    }

    [Fact]
    public void RandomFrames_ComeBackEqualInEveryMember()
    {
        int seed = Environment.TickCount;
        var random = new RandomFrames(seed);
        var frame = new SampleFrame(1000);
        var back = new SampleFrame(1000);
        byte[] bytes = new byte[SampleFrame.MaximumEncodedBytes + 7];
        byte[] again = new byte[SampleFrame.MaximumEncodedBytes];
        int rounds = Soak.Rounds(3000, 200000);
        for (int i = 0; i < rounds; i++)
        {
            random.Next(frame);
            int offset = i % 7;
            int length = SampleFrameEncoder.Encode(frame, bytes, offset);
            DecodeFault fault = SampleFrameDecoder.TryDecode(bytes, offset, length, back);
            Assert.True(fault == DecodeFault.None, $"{fault} in round {i}, seed {seed}");
            Assert.True(Frames.Difference(frame, back) is null, $"{Frames.Difference(frame, back)} in round {i}, seed {seed}");
            Assert.Equal(length, SampleFrameEncoder.Encode(back, again, 0));
            Assert.True(bytes.AsSpan(offset, length).SequenceEqual(again.AsSpan(0, length)), $"bytes in round {i}, seed {seed}");
        }
    }

    [Fact]
    public void DecoderWrittenFromTheDescription_ReadsTheSame()
    {
        int seed = Environment.TickCount;
        var random = new RandomFrames(seed);
        var frame = new SampleFrame(300);
        for (int i = 0; i < Soak.Rounds(300, 20000); i++)
        {
            random.Next(frame);
            SampleFrame back = DescribedDecoder.Decode(Frames.Encode(frame));
            Assert.True(Frames.Difference(frame, back) is null, $"{Frames.Difference(frame, back)} in round {i}, seed {seed}");
        }
    }

    [Theory]
    [InlineData(long.MinValue, long.MaxValue)]
    [InlineData(long.MaxValue, long.MinValue)]
    [InlineData(0, long.MinValue)]
    [InlineData(-1, 1L << 55)]
    [InlineData(0, (1L << 56) - 1)]
    [InlineData(0, 1L << 56)]
    [InlineData(0, (1L << 56) + 1)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    public void AnyTwoCounts_ComeBackInEveryMixture(long a, long b)
    {
        for (int count = 1; count <= 130; count++)
        {
            var frame = new SampleFrame(count) { Node = "n", Channel = "1" };
            for (int i = 0; i < count; i++)
            {
                var sample = new CellSample { Number = i, UptimeMicroseconds = i };
                sample.SetGood(SampleColumns.Voltage, (i & 1) == 0 ? a : b);
                sample.SetGood(SampleColumns.Current, i % 5 == 0 ? a : b);
                sample.SetGood(SampleColumns.Surface, i == 0 ? a : b);
                frame.Add(sample);
            }

            Assert.Null(Frames.Difference(frame, Frames.Decode(Frames.Encode(frame))));
        }
    }

    [Fact]
    public void EverySpanUpToTwoBlocksOfBits_ComesBack()
    {
        // Span 2^k - 1, 2^k and 2^k + 1: with and without long codes, every width up to raw.
        for (int bits = 0; bits < 63; bits++)
        {
            for (int more = -1; more <= 1; more++)
            {
                long span = (1L << bits) + more;
                var frame = new SampleFrame(64) { Node = "n", Channel = "1" };
                var random = new Random(bits);
                for (int i = 0; i < 64; i++)
                {
                    var sample = new CellSample { Number = i, UptimeMicroseconds = i };
                    sample.SetGood(SampleColumns.Voltage, i == 0 ? 0 : i == 1 ? span : random.NextInt64(span + 1));
                    frame.Add(sample);
                }

                Assert.Null(Frames.Difference(frame, Frames.Decode(Frames.Encode(frame))));
            }
        }
    }

    [Fact]
    public void CountsWithoutAValue_AreNotWritten()
    {
        SampleFrame frame = TypicalFrames.Noisy(10, 1);
        frame.States[4] = SensorStates.With(frame.States[4], SampleColumns.Surface, SensorState.Open);
        byte[] stale = Frames.Encode(frame);
        frame.Counts[SampleColumns.Surface][4] = 0;
        Assert.Equal(stale, Frames.Encode(frame));
        Assert.Equal(0, Frames.Decode(stale).Counts[SampleColumns.Surface][4]);

        // A voltage without a value counts as 0 in the extremes too, whatever the array still holds.
        frame.HasVoltageExtremes = true;
        frame.States[5] = SensorStates.With(frame.States[5], SampleColumns.Voltage, SensorState.BusError);
        frame.VoltageMinimumCounts[5] = 19990;
        frame.VoltageMaximumCounts[5] = 20010;
        SampleFrame back = Frames.Decode(Frames.Encode(frame));
        Assert.Equal((0L, 19990L, 20010L), (back.Counts[0][5], back.VoltageMinimumCounts[5], back.VoltageMaximumCounts[5]));
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        SampleFrame frame = TypicalFrames.Noisy(60, 1);
        frame.HasVoltageExtremes = true;
        frame.States[7] = SensorStates.With(frame.States[7], SampleColumns.Ambient, SensorState.BusError);
        byte[] bytes = new byte[4096];
        var target = new SampleFrame(60);
        long fewest = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            // A round may pay for what the runtime makes once for the process, on whichever thread needs it first; a frame's
            // own allocation would be in every round.
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                int length = SampleFrameEncoder.Encode(frame, bytes, 0);
                SampleFrameDecoder.TryDecode(bytes, 0, length, target);
                SampleFrameDecoder.TryReadIdentity(bytes, 0, length, target);
            }

            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, fewest);
    }

    [Fact]
    public void FramesOnSeveralThreads_DoNotDisturbEachOther()
    {
        Parallel.For(0, 8, worker =>
        {
            SampleFrame frame = TypicalFrames.Noisy(60, worker);
            var target = new SampleFrame(60);
            byte[] bytes = new byte[4096];
            for (int i = 0; i < 500; i++)
            {
                int length = SampleFrameEncoder.Encode(frame, bytes, 0);
                Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 0, length, target));
                Assert.Null(Frames.Difference(frame, target));
            }
        });
    }

    [Fact]
    public void Identity_IsReadWithoutTheColumns()
    {
        SampleFrame frame = TypicalFrames.Noisy(60, 3);
        frame.DroppedBeforeCount = 12;
        frame.EndsTest = true;
        frame.StartsTest = true;
        byte[] bytes = Frames.Encode(frame);
        var target = new SampleFrame(1);
        Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryReadIdentity(bytes, 0, bytes.Length, target));
        Assert.Equal(
            (frame.Node, frame.Channel, frame.Boot, frame.Kind, frame.FirstSampleNumber, frame.Count),
            (target.Node, target.Channel, target.Boot, target.Kind, target.FirstSampleNumber, target.Count));
        Assert.Equal((12, true, true, true), (target.DroppedBeforeCount, target.StartsTest, target.EndsTest, target.IsLive));
        Assert.Equal(frame.BootAnchorUnixMicroseconds, target.BootAnchorUnixMicroseconds);
        Assert.Equal(frame.DischargedCountMicroseconds, target.DischargedCountMicroseconds);
        bytes[^1] ^= 1;
        Assert.Equal(DecodeFault.BadChecksum, SampleFrameDecoder.TryReadIdentity(bytes, 0, bytes.Length, target));
    }
}
