using System.IO.Compression;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>Brotli, as the framework brings it, over whole blocks.</summary>
internal static class Compression
{
    private const int Quality = 5;
    private const int WindowBits = 20;

    public static byte[] Pack(ReadOnlySpan<byte> plain)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        return BrotliEncoder.TryCompress(plain, packed, out int length, Quality, WindowBits)
            ? packed[..length]
            : throw new InvalidOperationException($"A block of {plain.Length} bytes does not fit {packed.Length} compressed ones.");
    }

    /// <summary>The plain bytes, exactly as many as are expected; null when they are others.</summary>
    public static byte[]? Unpack(ReadOnlySpan<byte> packed, int plainLength)
    {
        var plain = new byte[plainLength];
        return BrotliDecoder.TryDecompress(packed, plain, out int length) && length == plainLength ? plain : null;
    }
}
