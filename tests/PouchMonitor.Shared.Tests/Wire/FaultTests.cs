using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>Every fault by name, from frames whose check sum is right.</summary>
public class FaultTests
{
    /// <summary>The parts of a small lawful frame, to be replaced one by one.</summary>
    private const string Numbers = "02 05 00";
    private const string Names = "01 61 01 31";
    private const string NoScales = "00";
    private const string VoltageGood = "02 01";
    private const string Times = "02 00 02";
    private const string Voltages = "00 14";

    public static TheoryData<string, DecodeFault> Bodies() => new()
    {
        // The lawful frame itself: two samples, 1 us apart, each a count of 10.
        { Join(), DecodeFault.None },
        { Join(numbers: "00 05 00"), DecodeFault.BadCount },
        { Join(numbers: "81 20 05 00"), DecodeFault.BadCount },
        { Join(numbers: "80 20 05 00"), DecodeFault.BadCount },
        { Join(numbers: "ff ff ff ff ff ff ff ff ff 01 05 00"), DecodeFault.BadCount },
        { Join(numbers: "ff ff ff ff ff ff ff ff ff 02 05 00"), DecodeFault.Overflow },
        { Join(numbers: "ff ff ff ff ff ff ff ff ff 81 00 05 00"), DecodeFault.Overflow },
        { Join(numbers: "02 ff ff ff ff ff ff ff ff 7f 00"), DecodeFault.Overflow },
        { Join(numbers: "02 fe ff ff ff ff ff ff ff 7f 00"), DecodeFault.None },
        { Join(numbers: "02 ff ff ff ff ff ff ff ff ff 01 00"), DecodeFault.Overflow },
        { Join(numbers: "02 05 05"), DecodeFault.None },
        { Join(numbers: "02 05 06"), DecodeFault.Overflow },
        { Join(numbers: "82 00 05 00"), DecodeFault.NotCanonical },
        { Join(names: "00 01 31"), DecodeFault.BadName },
        { Join(names: "41 " + Repeat("61", 65) + " 01 31"), DecodeFault.BadName },
        { Join(names: "40 " + Repeat("61", 64) + " 01 31"), DecodeFault.None },
        { Join(names: "01 2f 01 31"), DecodeFault.BadName },
        { Join(names: "01 e9 01 31"), DecodeFault.BadName },
        { Join(names: "01 2e 01 31"), DecodeFault.BadName },
        { Join(names: "02 2e 2e 01 31"), DecodeFault.BadName },
        { Join(names: "03 2e 2e 2e 01 31"), DecodeFault.None },
        { Join(names: "05 61 6c 61 72 6d 01 31"), DecodeFault.BadName },
        { Join(names: "01 61 05 61 6c 61 72 6d"), DecodeFault.None },
        { Join(names: "01 61 01 2b"), DecodeFault.BadName },
        { Join(names: "01 61 00"), DecodeFault.BadName },
        { Join(names: "01 61 3f 61"), DecodeFault.Truncated },
        { Join(scales: "80 08"), DecodeFault.ReservedBits },
        { Join(scales: "01 81"), DecodeFault.ReservedBits },
        { Join(scales: "01 01"), DecodeFault.None },
        { Join(scales: "01 12"), DecodeFault.None },
        { Join(scales: "01 13"), DecodeFault.BadScale },
        { Join(scales: "01 1e"), DecodeFault.BadScale },
        { Join(scales: "01 1f 00 03"), DecodeFault.BadScale },
        { Join(scales: "01 1f 03 00"), DecodeFault.BadScale },
        { Join(scales: "01 1f 03 02"), DecodeFault.None },
        { Join(scales: "01 1f 01 0a"), DecodeFault.NotCanonical },
        { Join(scales: "01 1f 01 02"), DecodeFault.None },
        { Join(scales: "01 1f ff ff ff ff ff ff ff ff ff 01 02"), DecodeFault.Overflow },
        { Join(scales: "01 00"), DecodeFault.NotCanonical },
        { Join(scales: "01 20 00"), DecodeFault.NotCanonical },
        { Join(scales: "01 20 01"), DecodeFault.None },
        { Join(scales: "01 40 00"), DecodeFault.NotCanonical },
        { Join(scales: "01 40 ff ff ff ff 0f"), DecodeFault.None },
        { Join(scales: "01 40 80 80 80 80 10"), DecodeFault.Overflow },
        { Join(states: "00 01 02 01"), DecodeFault.BadStates },
        { Join(states: "03 01"), DecodeFault.BadStates },
        { Join(states: "01 01 02 01"), DecodeFault.BadStates },
        { Join(states: "ff ff ff ff ff ff ff ff ff 01 01"), DecodeFault.BadStates },
        { Join(states: "02 80 80 80 80 04"), DecodeFault.BadStates },
        { Join(states: "01 01 01 00"), DecodeFault.BadStates },
        { Join(states: "02 00", voltages: ""), DecodeFault.None },
        { Join(times: "02 01 02"), DecodeFault.BadTime },
        { Join(times: "02 02 01"), DecodeFault.BadTime },
        { Join(times: "02 02 00"), DecodeFault.None },
        { Join(times: "03 ff ff ff ff ff ff ff 7f 00 00 00 00 00 00 00 80"), DecodeFault.BadTime },
        { Join(times: "03 ff ff ff ff ff ff ff 7f ff ff ff ff ff ff ff 7f"), DecodeFault.None },
        { Join(voltages: "07 " + Repeat("00", 16)), DecodeFault.BadColumn },
        { Join(voltages: "03 " + Repeat("80", 16)), DecodeFault.None },
        { Join(voltages: "03 " + Repeat("80", 15)), DecodeFault.Truncated },
        { Join(voltages: "80 80 80 80 80 80 80 80 04 00"), DecodeFault.BadColumn },
        { Join(voltages: "fc ff ff ff ff ff ff ff 03 00 " + Repeat("00", 14)), DecodeFault.None },
        { Join(voltages: "fc ff ff ff ff ff ff ff 03 00 " + Repeat("00", 13)), DecodeFault.Truncated },
        { Join(voltages: "04 00 03"), DecodeFault.None },
        { Join(voltages: "04 00 04"), DecodeFault.NotCanonical },
        { Join(voltages: "04 00"), DecodeFault.Truncated },
        { Join(voltages: "00 80 00"), DecodeFault.NotCanonical },
        { Join(voltages: "00"), DecodeFault.Truncated },
        { Join(voltages: ""), DecodeFault.Truncated },
        { Join(voltages: "00 14 00"), DecodeFault.Oversized },
        { Join(voltages: "00 80"), DecodeFault.Truncated },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void CraftedBody_GetsItsFault(string body, DecodeFault fault)
    {
        byte[] bytes = Craft(body);
        var target = new SampleFrame(2);
        Assert.Equal(fault, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, target));
        if (fault == DecodeFault.None)
        {
            Assert.Null(Frames.Difference(DescribedDecoder.Decode(bytes), target));
        }
    }

    [Fact]
    public void EveryFault_IsReachedByACraftedFrame()
    {
        var reached = Bodies().Select(row => row.Data.Item2).ToHashSet();
        reached.UnionWith([DecodeFault.NotAFrame, DecodeFault.UnknownVersion, DecodeFault.BadChecksum, DecodeFault.UnknownKind]);
        Assert.Equal(Enum.GetValues<DecodeFault>(), reached.Order());
    }

    [Theory]
    [InlineData(0, 'Q', DecodeFault.NotAFrame)]
    [InlineData(0, '{', DecodeFault.NotAFrame)]
    [InlineData(1, 'Q', DecodeFault.NotAFrame)]
    [InlineData(2, 0, DecodeFault.UnknownVersion)]
    [InlineData(2, 2, DecodeFault.UnknownVersion)]
    [InlineData(2, 255, DecodeFault.UnknownVersion)]
    [InlineData(3, 0, DecodeFault.UnknownKind)]
    [InlineData(3, 2, DecodeFault.None)]
    [InlineData(3, 4, DecodeFault.UnknownKind)]
    [InlineData(3, 255, DecodeFault.UnknownKind)]
    [InlineData(4, 0, DecodeFault.Oversized)]
    [InlineData(5, 1, DecodeFault.Truncated)]
    [InlineData(6, 255, DecodeFault.Truncated)]
    [InlineData(7, 3, DecodeFault.None)]
    [InlineData(7, 35, DecodeFault.None)]
    [InlineData(7, 64, DecodeFault.ReservedBits)]
    [InlineData(7, 128, DecodeFault.ReservedBits)]
    public void CraftedHead_GetsItsFault(int at, int value, DecodeFault fault)
    {
        byte[] bytes = Craft(Join());
        bytes[at] = (byte)value;
        Frames.Seal(bytes);
        Assert.Equal(fault, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, new SampleFrame(2)));
    }

    [Fact]
    public void CountersBeyond63Bits_Overflow()
    {
        byte[] bytes = Craft("02 05 00 01 61 01 31 ff ff ff ff ff ff ff ff ff 01 00 00 02 01 02 00 02 00 14");
        bytes[7] = 8;
        Frames.Seal(bytes);
        Assert.Equal(DecodeFault.Overflow, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, new SampleFrame(2)));
    }

    [Theory]
    [InlineData(59, DecodeFault.BadCount)]
    [InlineData(60, DecodeFault.None)]
    [InlineData(61, DecodeFault.None)]
    public void CountBeyondTheTarget_IsBadCount(int capacity, DecodeFault fault)
    {
        byte[] bytes = Frames.Encode(TypicalFrames.Noisy(60, 1));
        Assert.Equal(fault, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, new SampleFrame(capacity)));
    }

    [Fact]
    public void MoreThanTheMaximumBytes_IsOversizedUnread()
    {
        byte[] bytes = new byte[SampleFrame.MaximumEncodedBytes + 1];
        Craft(Join()).CopyTo(bytes, 0);
        Assert.Equal(DecodeFault.Oversized, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, new SampleFrame(2)));
    }

    [Fact]
    public void RangeOutsideTheArray_IsTruncated()
    {
        byte[] bytes = Craft(Join());
        var target = new SampleFrame(2);
        Assert.Equal(DecodeFault.Truncated, SampleFrameDecoder.TryDecode(bytes, 1, bytes.Length, target));
        Assert.Equal(DecodeFault.Truncated, SampleFrameDecoder.TryDecode(bytes, -1, bytes.Length, target));
        Assert.Equal(DecodeFault.Truncated, SampleFrameDecoder.TryDecode(bytes, 0, -1, target));
        Assert.Equal(DecodeFault.Truncated, SampleFrameDecoder.TryDecode(bytes, int.MaxValue, int.MaxValue, target));
        Assert.Equal(DecodeFault.Truncated, SampleFrameDecoder.TryDecode(null!, 0, 0, target));
        Assert.Equal(DecodeFault.BadCount, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, null!));
    }

    [Fact]
    public void BytesAroundTheFrame_AreNotTouchedOrRead()
    {
        byte[] frame = Craft(Join());
        var target = new SampleFrame(2);
        foreach (byte surrounding in new byte[] { 0, 0xFF })
        {
            byte[] bytes = new byte[frame.Length + 20];
            bytes.AsSpan().Fill(surrounding);
            frame.CopyTo(bytes, 10);
            Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 10, frame.Length, target));
            Assert.Equal([10L, 10L], target.Counts[0]);
        }
    }

    private static string Join(
        string numbers = Numbers, string names = Names, string scales = NoScales, string states = VoltageGood,
        string times = Times, string voltages = Voltages) => string.Join(' ', numbers, names, scales, states, times, voltages);

    private static string Repeat(string hex, int count) => string.Join(' ', Enumerable.Repeat(hex, count));

    private static byte[] Craft(string body) =>
        Frames.SealLength(Convert.FromHexString("50460101000000000102030405060708" + body.Replace(" ", "") + "00000000"));
}
