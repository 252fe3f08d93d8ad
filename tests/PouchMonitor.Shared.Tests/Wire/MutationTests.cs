using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>Damaged and hostile bytes: a named fault, no exception, no reading outside the range, no large allocation.</summary>
public class MutationTests
{
    /// <summary>Two names of 64 characters as strings, with room for object headers.</summary>
    private const long AllocationBoundBytes = 512;

    [Fact]
    public void TruncationAtEveryLength_IsAFault()
    {
        var target = new SampleFrame(4096);
        foreach ((string name, byte[] bytes) in Vectors.All())
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                DecodeFault fault = SampleFrameDecoder.TryDecode(bytes[..length], 0, length, target);
                Assert.True(fault == DecodeFault.Truncated, $"{name} cut to {length}: {fault}");
                Assert.Equal(fault, SampleFrameDecoder.TryDecode(bytes, 0, length, target));
            }
        }
    }

    [Fact]
    public void TruncationWithLengthAndCheckSumRepaired_IsAFault()
    {
        var target = new SampleFrame(4096);
        foreach ((string name, byte[] bytes) in Vectors.All())
        {
            for (int length = 21; length < bytes.Length; length++)
            {
                DecodeFault fault = SampleFrameDecoder.TryDecode(Frames.SealLength(bytes[..length]), 0, length, target);
                Assert.True(fault != DecodeFault.None, $"{name} cut to {length} and sealed was taken");
            }
        }
    }

    [Fact]
    public void EverySingleBitFlip_IsAFault()
    {
        var target = new SampleFrame(4096);
        var seen = new HashSet<DecodeFault>();
        foreach ((string name, byte[] bytes) in Vectors.All())
        {
            for (int bit = 0; bit < 8 * bytes.Length; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                DecodeFault fault = SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, target);
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.True(fault != DecodeFault.None, $"{name} with bit {bit} flipped was taken");
                seen.Add(fault);
            }
        }

        Assert.Equal(
            [DecodeFault.Truncated, DecodeFault.Oversized, DecodeFault.NotAFrame, DecodeFault.UnknownVersion, DecodeFault.BadChecksum],
            seen.Order());
    }

    [Fact]
    public void TrailingBytes_AreAFault()
    {
        var target = new SampleFrame(4096);
        foreach ((_, byte[] bytes) in Vectors.All())
        {
            byte[] longer = [.. bytes, 0];
            Assert.Equal(DecodeFault.Oversized, SampleFrameDecoder.TryDecode(longer, 0, longer.Length, target));
            byte[] stuffed = Frames.SealLength([.. bytes[..^4], 0, .. bytes[^4..]]);
            Assert.Equal(DecodeFault.Oversized, SampleFrameDecoder.TryDecode(stuffed, 0, stuffed.Length, target));
        }
    }

    [Fact]
    public void MutatedFramesWithRepairedCheckSum_AreJudgedConsistently()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        byte[][] vectors = [.. Vectors.All().Select(v => v.Bytes)];
        var target = new SampleFrame(4096);
        var again = new SampleFrame(4096);
        byte[] buffer = new byte[SampleFrame.MaximumEncodedBytes];
        foreach (byte[] vector in vectors)
        {
            // The first use makes the tables that all frames share; they are not a frame's allocation.
            SampleFrameDecoder.TryDecode(vector, 0, vector.Length, target);
        }

        var faults = new Dictionary<DecodeFault, int>();
        int rounds = Soak.Rounds(20000, 1000000);
        for (int i = 0; i < rounds; i++)
        {
            byte[] bytes = Mutate(vectors, random);
            long allocated = AllocatedBytes(bytes, target, out DecodeFault fault);
            if (allocated > AllocationBoundBytes)
            {
                // A table that all frames share is made once, by the first frame that needs it; what the same bytes take
                // each time is the frame's own.
                allocated = AllocatedBytes(bytes, target, out fault);
            }

            Assert.True(allocated <= AllocationBoundBytes, $"{allocated} bytes allocated in round {i}, seed {seed}");
            faults[fault] = faults.GetValueOrDefault(fault) + 1;

            // Whatever stands around the frame must not show.
            random.NextBytes(buffer.AsSpan(0, bytes.Length + 32));
            bytes.CopyTo(buffer, 16);
            Assert.Equal(fault, SampleFrameDecoder.TryDecode(buffer, 16, bytes.Length, again));
            Assert.True(fault != DecodeFault.None || Frames.Difference(target, again) is null, $"surroundings shine through in round {i}, seed {seed}");
            if (fault == DecodeFault.None)
            {
                int length = SampleFrameEncoder.Encode(target, buffer, 0);
                Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(buffer, 0, length, again));
                Assert.True(Frames.Difference(target, again) is null, $"{Frames.Difference(target, again)} in round {i}, seed {seed}");
            }
        }

        // The mutations must reach the judgement behind the check sum, and some must still be frames.
        Assert.True(faults.Count >= 12 && faults[DecodeFault.None] > rounds / 50, $"{string.Join(", ", faults)}, seed {seed}");
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {string.Join(", ", faults.OrderBy(f => f.Key))}");
    }

    [Fact]
    public void RandomBytes_AreAFault()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var target = new SampleFrame(64);
        for (int i = 0; i < 20000; i++)
        {
            byte[] bytes = new byte[random.Next(0, 300)];
            random.NextBytes(bytes);
            if (i % 2 == 0 && bytes.Length > 21)
            {
                "PF\u0001\u0001"u8.CopyTo(bytes);
                bytes[7] &= 63;
                Frames.SealLength(bytes);
            }

            Assert.True(SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, target) != DecodeFault.None, $"round {i}, seed {seed}");
        }
    }

    private static byte[] Mutate(byte[][] vectors, Random random)
    {
        var bytes = new List<byte>(vectors[random.Next(vectors.Length)]);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(2) == 0 ? random.Next(3, bytes.Count) : random.Next(3, Math.Min(90, bytes.Count));
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = (byte)(random.Next(2) == 0 ? 0xFF : 0x80);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 4 when bytes.Count > 40:
                    bytes.RemoveAt(at);
                    break;
                default:
                    byte[] other = vectors[random.Next(vectors.Length)];
                    int from = random.Next(other.Length);
                    int length = Math.Min(random.Next(1, 20), Math.Min(other.Length - from, bytes.Count - at));
                    for (int i = 0; i < length; i++)
                    {
                        bytes[at + i] = other[from + i];
                    }

                    break;
            }
        }

        byte[] sealable = [.. bytes];
        return random.Next(50) == 0 ? Frames.Seal(sealable) : Frames.SealLength(sealable);
    }

    private static long AllocatedBytes(byte[] bytes, SampleFrame target, out DecodeFault fault)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        fault = SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, target);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
