using System.Numerics;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>
/// A plain decoder of lawful frames, bit by bit and with big integers, written from WIRE.md and sharing no code with the
/// product's: what it reads is what the description says.
/// </summary>
internal sealed class DescribedDecoder
{
    private readonly byte[] bytes;
    private int at = 16;

    private DescribedDecoder(byte[] bytes) => this.bytes = bytes;

    public static SampleFrame Decode(byte[] bytes) => new DescribedDecoder(bytes).Read();

    private SampleFrame Read()
    {
        Assert.Equal("PF\u0001"u8.ToArray(), bytes[..3]);
        Assert.Equal(bytes.Length, bytes[4] + (256 * bytes[5]) + (65536 * bytes[6]));
        int flags = bytes[7];
        var boot = (ulong)new BigInteger(bytes.AsSpan(8, 8), isUnsigned: true);
        int count = (int)Number();
        long first = (long)Number();
        long dropped = (long)Number();
        var frame = new SampleFrame(count)
        {
            Kind = (FrameKind)bytes[3],
            Boot = boot,
            Count = count,
            FirstSampleNumber = first,
            DroppedBeforeCount = dropped,
            Node = Name(),
            Channel = Name(),
            IsLive = (flags & 1) != 0,
            EndsTest = (flags & 2) != 0,
            HasBootAnchor = (flags & 4) != 0,
            HasChargeCounters = (flags & 8) != 0,
            HasVoltageExtremes = (flags & 16) != 0,
            StartsTest = (flags & 32) != 0,
        };
        if (frame.HasBootAnchor)
        {
            frame.BootAnchorUnixMicroseconds = (long)new BigInteger(Take(8));
        }

        if (frame.HasChargeCounters)
        {
            frame.ChargedCountMicroseconds = (long)Number();
            frame.DischargedCountMicroseconds = (long)Number();
        }

        ReadScales(frame);
        ReadSamples(frame);
        Assert.Equal(bytes.Length - 4, at);
        return frame;
    }

    private void ReadScales(SampleFrame frame)
    {
        int columns = (int)Number();
        for (int column = 0; column < 10; column++)
        {
            if ((columns >> column & 1) == 0)
            {
                continue;
            }

            int head = Take(1)[0];
            bool isFraction = (head & 31) == 31;
            ColumnScale scale = frame.Scales[column];
            scale.Numerator = isFraction ? (long)Number() : 1;
            scale.Denominator = isFraction ? (long)Number() : (long)BigInteger.Pow(10, head & 31);
            scale.Offset = (head & 32) != 0 ? (long)Signed() : 0;
            scale.CalibrationId = (head & 64) != 0 ? (uint)Number() : 0;
        }
    }

    private void ReadSamples(SampleFrame frame)
    {
        uint state = Convert.ToUInt32("1111111111", 8);
        for (int i = 0; i < frame.Count;)
        {
            int run = (int)Number();
            state ^= (uint)Number();
            for (; run > 0; run--)
            {
                frame.States[i++] = state;
            }
        }

        int[] all = [.. Enumerable.Range(0, frame.Count)];
        ReadColumn(frame.UptimeMicroseconds, all);
        for (int column = 0; column < 10; column++)
        {
            ReadColumn(frame.Counts[column], [.. all.Where(i => (frame.States[i] >> (3 * column) & 7) is 0 or 4 or 5 or 6)]);
        }

        if (frame.HasVoltageExtremes)
        {
            ReadColumn(frame.VoltageMinimumCounts, all);
            ReadColumn(frame.VoltageMaximumCounts, all);
            foreach (int i in all)
            {
                frame.VoltageMinimumCounts[i] = Wrap((BigInteger)frame.Counts[0][i] - frame.VoltageMinimumCounts[i]);
                frame.VoltageMaximumCounts[i] = Wrap((BigInteger)frame.Counts[0][i] + frame.VoltageMaximumCounts[i]);
            }
        }
    }

    private void ReadColumn(long[] into, int[] places)
    {
        long previous = 0;
        for (int start = 0; start < places.Length; start += 64)
        {
            int[] block = places[start..Math.Min(start + 64, places.Length)];
            ulong head = Number();
            int mode = (int)(head % 4);
            if (mode == 3)
            {
                foreach (int place in block)
                {
                    into[place] = (long)new BigInteger(Take(8));
                }
            }
            else
            {
                long origin = Wrap(previous + Signed());
                BigInteger second = mode == 0 ? 0 : Signed();
                BigInteger[] offsets = Offsets(mode == 2 ? block.Length - 1 : block.Length, head / 4);
                BigInteger value = origin;
                for (int i = 0; i < block.Length; i++)
                {
                    // A line's product wraps before it is shifted, and the shift keeps the sign.
                    value = mode == 2
                        ? (i == 0 ? origin : value + second + offsets[i - 1])
                        : origin + offsets[i] + (mode == 1 ? Wrap(second * i) >> 8 : 0);
                    into[block[i]] = Wrap(value);
                }
            }

            previous = into[block[^1]];
        }
    }

    private BigInteger[] Offsets(int count, ulong span)
    {
        var offsets = new BigInteger[count];
        if (span == 0)
        {
            return offsets;
        }

        BigInteger range = (BigInteger)span + 1;
        int width = (int)((BigInteger)span).GetBitLength();
        BigInteger cut = BigInteger.Pow(2, width) - range;
        int bit = 0;
        for (int i = 0; i < count; i++)
        {
            for (int b = 0; b < width - 1; b++)
            {
                offsets[i] += (BigInteger)Bit(bit++) << b;
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (offsets[i] >= cut && Bit(bit++) == 1)
            {
                offsets[i] += BigInteger.Pow(2, width - 1) - cut;
            }

            offsets[i] = (offsets[i] + ((range - cut) / 2)) % range;
        }

        at += (bit + 7) / 8;
        return offsets;
    }

    private int Bit(int index) => bytes[at + (index / 8)] >> (index % 8) & 1;

    private byte[] Take(int count)
    {
        at += count;
        return bytes[(at - count)..at];
    }

    private string Name() => System.Text.Encoding.ASCII.GetString(Take(Take(1)[0]));

    private ulong Number()
    {
        BigInteger value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = Take(1)[0];
            value += (BigInteger)(part & 127) << shift;
            if (part < 128)
            {
                return (ulong)value;
            }
        }
    }

    private BigInteger Signed()
    {
        ulong folded = Number();
        return folded % 2 == 0 ? folded / 2 : -(BigInteger)(folded / 2) - 1;
    }

    private static long Wrap(BigInteger value) => (long)(ulong)(value & ulong.MaxValue);
}
