using System.Text;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>Encoding, decoding and comparing frames for the tests.</summary>
internal static class Frames
{
    /// <summary>Encodes into a buffer of its own.</summary>
    public static byte[] Encode(SampleFrame frame)
    {
        byte[] buffer = new byte[SampleFrame.MaximumEncodedBytes];
        int length = SampleFrameEncoder.Encode(frame, buffer, 0);
        return buffer.AsSpan(0, length).ToArray();
    }

    /// <summary>Decodes into a frame of its own, which must work.</summary>
    public static SampleFrame Decode(byte[] bytes)
    {
        var frame = new SampleFrame(SampleFrame.MaximumSamples);
        Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, frame));
        return frame;
    }

    /// <summary>Puts a right check sum at the end.</summary>
    public static byte[] Seal(byte[] bytes)
    {
        uint crc = Crc32C.Compute(bytes, 0, bytes.Length - 4);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), crc);
        return bytes;
    }

    /// <summary>Sets the stated length to what the bytes have, and the check sum.</summary>
    public static byte[] SealLength(byte[] bytes)
    {
        bytes[4] = (byte)bytes.Length;
        bytes[5] = (byte)(bytes.Length >> 8);
        bytes[6] = (byte)(bytes.Length >> 16);
        return Seal(bytes);
    }

    /// <summary>Null when both carry the same, else the first member that differs.</summary>
    public static string? Difference(SampleFrame a, SampleFrame b)
    {
        if (a.Node != b.Node || a.Channel != b.Channel || a.Boot != b.Boot || a.Kind != b.Kind)
        {
            return "identity";
        }

        if (a.FirstSampleNumber != b.FirstSampleNumber || a.Count != b.Count || a.DroppedBeforeCount != b.DroppedBeforeCount)
        {
            return "numbers";
        }

        if (a.IsLive != b.IsLive || a.StartsTest != b.StartsTest || a.StartsTest != b.StartsTest || a.EndsTest != b.EndsTest || a.HasVoltageExtremes != b.HasVoltageExtremes)
        {
            return "flags";
        }

        if (a.HasBootAnchor != b.HasBootAnchor || (a.HasBootAnchor && a.BootAnchorUnixMicroseconds != b.BootAnchorUnixMicroseconds))
        {
            return "anchor";
        }

        if (a.HasChargeCounters != b.HasChargeCounters || (a.HasChargeCounters
            && (a.ChargedCountMicroseconds != b.ChargedCountMicroseconds || a.DischargedCountMicroseconds != b.DischargedCountMicroseconds)))
        {
            return "counters";
        }

        return ColumnDifference(a, b);
    }

    private static string? ColumnDifference(SampleFrame a, SampleFrame b)
    {
        int n = a.Count;
        if (!a.UptimeMicroseconds.AsSpan(0, n).SequenceEqual(b.UptimeMicroseconds.AsSpan(0, n)))
        {
            return "uptime";
        }

        if (!a.States.AsSpan(0, n).SequenceEqual(b.States.AsSpan(0, n)))
        {
            return "states";
        }

        for (int column = 0; column < SampleColumns.Count; column++)
        {
            if (!a.Scales[column].SameAs(b.Scales[column]))
            {
                return $"scale {column}";
            }

            if (!a.Counts[column].AsSpan(0, n).SequenceEqual(b.Counts[column].AsSpan(0, n)))
            {
                return $"counts {column}";
            }
        }

        bool sameExtremes = !a.HasVoltageExtremes
            || (a.VoltageMinimumCounts.AsSpan(0, n).SequenceEqual(b.VoltageMinimumCounts.AsSpan(0, n))
                && a.VoltageMaximumCounts.AsSpan(0, n).SequenceEqual(b.VoltageMaximumCounts.AsSpan(0, n)));
        return sameExtremes ? null : "extremes";
    }

    /// <summary>Bytes as hexadecimal, 32 to a line.</summary>
    public static string Hex(byte[] bytes)
    {
        var text = new StringBuilder();
        for (int at = 0; at < bytes.Length; at += 32)
        {
            text.Append(Convert.ToHexStringLower(bytes, at, Math.Min(32, bytes.Length - at))).Append('\n');
        }

        return text.ToString();
    }
}
