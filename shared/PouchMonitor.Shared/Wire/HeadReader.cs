using System;

namespace PouchMonitor.Wire;

/// <summary>Reads what stands before the scales, and judges whether the bytes are a frame at all.</summary>
internal static class HeadReader
{
    /// <summary>Shortest frame: head, count, first number, dropped count, two names, no scale, one run, one time, check sum.</summary>
    private const int MinimumBytes = FrameLayout.HeadBytes + 3 + 4 + 1 + 2 + 2 + FrameLayout.ChecksumBytes;

    /// <summary>Checks start, version, length and check sum, and sets the target's reader behind the fixed head.</summary>
    public static DecodeFault Open(byte[] source, int offset, int length, SampleFrame target)
    {
        if (source == null || offset < 0 || length < 1 || offset > source.Length - length)
        {
            return DecodeFault.Truncated;
        }

        if (target == null)
        {
            return DecodeFault.BadCount;
        }

        if (source[offset] != FrameLayout.Magic0 || (length > 1 && source[offset + 1] != FrameLayout.Magic1))
        {
            return DecodeFault.NotAFrame;
        }

        if (length > FrameLayout.VersionAt && source[offset + FrameLayout.VersionAt] != FrameLayout.Version)
        {
            return DecodeFault.UnknownVersion;
        }

        if (length > SampleFrame.MaximumEncodedBytes)
        {
            return DecodeFault.Oversized;
        }

        if (length < MinimumBytes)
        {
            return DecodeFault.Truncated;
        }

        int at = offset + FrameLayout.LengthAt;
        int stated = source[at] | (source[at + 1] << 8) | (source[at + 2] << 16);
        if (stated != length)
        {
            return stated > length ? DecodeFault.Truncated : DecodeFault.Oversized;
        }

        int sumAt = offset + length - FrameLayout.ChecksumBytes;
        if (Crc32C.Compute(source, offset, length - FrameLayout.ChecksumBytes) != BitConverter.ToUInt32(source, sumAt))
        {
            return DecodeFault.BadChecksum;
        }

        target.Scratch.Reader.Start(source, offset, offset + length);
        return DecodeFault.None;
    }

    /// <summary>Reads kind, flags, identity, names, anchor and counters into the target.</summary>
    public static void Read(FrameReader from, SampleFrame target)
    {
        byte[] bytes = from.Bytes;
        int head = from.At;
        int kind = bytes[head + FrameLayout.KindAt];
        int flags = bytes[head + FrameLayout.FlagsAt];
        if (kind < (int)FrameKind.Samples || kind > (int)FrameKind.Image)
        {
            from.Fail(DecodeFault.UnknownKind);
            return;
        }

        if ((flags & ~FrameLayout.KnownFlags) != 0)
        {
            from.Fail(DecodeFault.ReservedBits);
            return;
        }

        target.Kind = (FrameKind)kind;
        target.IsLive = (flags & FrameLayout.LiveFlag) != 0;
        target.StartsTest = (flags & FrameLayout.StartsTestFlag) != 0;
        target.EndsTest = (flags & FrameLayout.EndsTestFlag) != 0;
        target.HasBootAnchor = (flags & FrameLayout.AnchorFlag) != 0;
        target.HasChargeCounters = (flags & FrameLayout.CountersFlag) != 0;
        target.HasVoltageExtremes = (flags & FrameLayout.ExtremesFlag) != 0;
        target.Boot = BitConverter.ToUInt64(bytes, head + FrameLayout.BootAt);
        from.At = head + FrameLayout.HeadBytes;
        ReadNumbers(from, target);
        if (from.Fault == DecodeFault.None)
        {
            ReadNames(from, target);
        }

        target.BootAnchorUnixMicroseconds = target.HasBootAnchor ? (long)from.LittleEndian64() : 0;
        target.ChargedCountMicroseconds = target.HasChargeCounters ? from.NaturalNumber() : 0;
        target.DischargedCountMicroseconds = target.HasChargeCounters ? from.NaturalNumber() : 0;
    }

    private static void ReadNumbers(FrameReader from, SampleFrame target)
    {
        ulong count = from.Number();
        long first = from.NaturalNumber();
        long dropped = from.NaturalNumber();
        if (from.Fault != DecodeFault.None)
        {
            return;
        }

        if (count < 1 || count > SampleFrame.MaximumSamples)
        {
            from.Fail(DecodeFault.BadCount);
            return;
        }

        if (first > long.MaxValue - (long)(count - 1) || dropped > first)
        {
            from.Fail(DecodeFault.Overflow);
            return;
        }

        target.Count = (int)count;
        target.FirstSampleNumber = first;
        target.DroppedBeforeCount = dropped;
    }

    private static void ReadNames(FrameReader from, SampleFrame target)
    {
        FrameScratch scratch = target.Scratch;
        string node = ReadName(from, scratch, target.Node);
        if (from.Fault == DecodeFault.None && (object)node != (object)scratch.ValidNode)
        {
            if (!TopicNames.IsNodeName(node))
            {
                from.Fail(DecodeFault.BadName);
                return;
            }

            scratch.ValidNode = node;
        }

        target.Node = node;
        string channel = ReadName(from, scratch, target.Channel);
        if (from.Fault == DecodeFault.None && (object)channel != (object)scratch.ValidChannel)
        {
            if (!TopicNames.IsName(channel))
            {
                from.Fail(DecodeFault.BadName);
                return;
            }

            scratch.ValidChannel = channel;
        }

        target.Channel = channel;
    }

    /// <summary>Reads a name, giving back <paramref name="known"/> itself where the bytes are equal.</summary>
    private static string ReadName(FrameReader from, FrameScratch scratch, string known)
    {
        int length = from.Byte();
        if (from.Fault != DecodeFault.None)
        {
            return known;
        }

        if (length < 1 || length > TopicNames.MaximumNameLength)
        {
            from.Fail(DecodeFault.BadName);
            return known;
        }

        if (length > from.End - from.At)
        {
            from.Fail(DecodeFault.Truncated);
            return known;
        }

        byte[] bytes = from.Bytes;
        int at = from.At;
        from.At = at + length;
        bool isKnown = known != null && known.Length == length;
        for (int i = 0; isKnown && i < length; i++)
        {
            isKnown = known![i] == bytes[at + i];
        }

        if (isKnown)
        {
            return known!;
        }

        char[] characters = scratch.NameCharacters;
        for (int i = 0; i < length; i++)
        {
            characters[i] = (char)bytes[at + i];
        }

        return new string(characters, 0, length);
    }
}
